/* script.c - which step applies to which call. */
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "deed.h"
#include "kit/fail.h"
#include "kit/sleep.h"

const struct vm_option script_options[] = {
    {.name = "operation",
     VM_STRING(struct script_step, operation),
     .flags = VM_REQUIRED,
     .doc = "The operation, as it is called in the header of its kind."},
    {.name = "match",
     VM_STRING(struct script_step, match),
     .doc = "Only calls whose key, token, message or document has this text in it."},
    {.name = "call",
     VM_INT(struct script_step, call),
     .fallback = "0",
     .min = 0,
     .max = INT32_MAX,
     .doc = "The first call that the step applies to, counted from 1; 0 is the same as 1."},
    {.name = "times",
     VM_INT(struct script_step, times),
     .fallback = "0",
     .min = 0,
     .max = INT32_MAX,
     .doc = "How many calls the step applies to; 0 means all that follow."},
    {.name = "answer",
     VM_CHOICE(struct script_step, answer),
     .fallback = "ok",
     .choices = deed_names,
     .doc = "The status to answer, or what to do to the process: with ok there is only a delay."},
    {.name = "delay",
     VM_DURATION(struct script_step, delay_ms),
     .fallback = "0ms",
     .doc = "How long to wait first."},
    {.name = "after",
     VM_BOOL(struct script_step, after),
     .fallback = "false",
     .doc = "Does the work and then gives the answer, as when a reply is lost."},
    {0},
};

int script_open(const char *dir, const struct vm_groups *steps, struct script *out,
                struct vm_error *err)
{
	struct script script = {.steps = steps->items, .count = steps->count};
	size_t bytes = script.count * sizeof *script.calls;
	char path[4096];
	int file;

	*out = script;
	if (script.count == 0)
		return VM_OK;
	snprintf(path, sizeof path, "%s/calls", dir);
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0)
		return kit_fail_errno(err, errno, path, "open the calls");
	if (ftruncate(file, (off_t)bytes) == 0)
		script.calls = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (script.calls == NULL || script.calls == MAP_FAILED)
		return kit_fail_errno(err, errno, path, "map the calls");
	*out = script;
	return VM_OK;
}

void script_close(struct script *script)
{
	if (script->calls != NULL)
		munmap((void *)(uintptr_t)script->calls, script->count * sizeof *script->calls);
	script->calls = NULL;
}

static bool is_meant(const struct script_step *step, const char *operation, const void *subject,
                     size_t length)
{
	if (strcmp(step->operation, operation) != 0)
		return false;
	return step->match == NULL ||
	       (subject != NULL && memmem(subject, length, step->match, strlen(step->match)) != NULL);
}

static uint64_t first_call(const struct script_step *step)
{
	return step->call > 0 ? (uint64_t)step->call : 1;
}

static bool is_over(const struct script_step *step, uint64_t number)
{
	return step->times > 0 && number >= first_call(step) + (uint64_t)step->times;
}

static bool applies(const struct script_step *step, uint64_t number)
{
	return number >= first_call(step) && !is_over(step, number);
}

static int act(const struct script_step *step, const struct vm_call *call, struct vm_error *err)
{
	if (step->delay_ms > 0 && !kit_sleep_ms(call, step->delay_ms))
		return vm_call_check(call, step->operation, err);
	return step->answer == VM_OK ? VM_OK : deed_do(step->answer, step->operation, err);
}

int script_begin(const struct script *script, const char *operation, const void *subject,
                 size_t length, const struct script_step **step, const struct vm_call *call,
                 struct vm_error *err)
{
	*step = NULL;
	for (size_t i = 0; i < script->count; i++) {
		const struct script_step *it = &script->steps[i];

		uint64_t number;

		if (!is_meant(it, operation, subject, length))
			continue;
		/* Every step counts, also behind the one that is taken; those with after at the end. */
		number = it->after ? atomic_load(&script->calls[i])
		                   : atomic_fetch_add(&script->calls[i], 1);
		if (*step == NULL && (it->after ? !is_over(it, number + 1) : applies(it, number + 1)))
			*step = it;
	}
	if (*step == NULL || (*step)->after)
		return VM_OK;
	return act(*step, call, err);
}

int script_end(const struct script *script, const struct script_step *step, int status,
               const struct vm_call *call, struct vm_error *err)
{
	if (step == NULL || !step->after || status != VM_OK)
		return status;
	if (!applies(step, atomic_fetch_add(&script->calls[step - script->steps], 1) + 1))
		return VM_OK;
	return act(step, call, err);
}
