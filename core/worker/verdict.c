/* verdict.c - the error class of each way to fail. */
#include "worker/verdict.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>

#include "support/clock.h"

#define FRAMES_BYTES (UINT64_C(256) << 20)

struct rule {
	enum error_class error;
	bool transient;
};

/*
 * A codec's word on the media is final. What it can only say by mistake, and
 * what it says of itself, is a bug: never the video's fault, so it is tried
 * again, and policy.attempts bounds that.
 */
static const struct rule codec_rules[] = {
    [VM_ERR_CONFIG] = {ERROR_BUG, false},
    [VM_ERR_NOT_FOUND] = {ERROR_BUG, true},
    [VM_ERR_CONFLICT] = {ERROR_BUG, true},
    [VM_ERR_DENIED] = {ERROR_BUG, true},
    [VM_ERR_THROTTLED] = {ERROR_BUG, true},
    [VM_ERR_UNAVAILABLE] = {ERROR_CAPACITY, true},
    [VM_ERR_TIMEOUT] = {ERROR_TIMEOUT, true},
    [VM_ERR_CANCELLED] = {ERROR_BUG, true},
    [VM_ERR_BAD_DATA] = {ERROR_BAD_MEDIA, false},
    [VM_ERR_UNSUPPORTED] = {ERROR_UNSUPPORTED, false},
    [VM_ERR_LIMIT] = {ERROR_LIMIT, false},
    /* The only bound on a child's memory is the one that it was given. */
    [VM_ERR_NO_MEMORY] = {ERROR_LIMIT, false},
    [VM_ERR_BUG] = {ERROR_BUG, true},
};

static struct rule storage_rule(enum fault_place place, int status)
{
	bool is_source = place == FAULT_SOURCE;

	if (is_source && (status == VM_ERR_NOT_FOUND || status == VM_ERR_CONFLICT))
		return (struct rule){ERROR_SOURCE_MISSING, false};
	if (place == FAULT_OUTPUT && status == VM_ERR_LIMIT)
		return (struct rule){ERROR_LIMIT, false};
	if (place == FAULT_OUTPUT && status == VM_ERR_UNSUPPORTED)
		return (struct rule){ERROR_UNSUPPORTED, false};
	if (status == VM_ERR_NO_MEMORY)
		return (struct rule){ERROR_CAPACITY, true};
	return (struct rule){ERROR_STORAGE, true};
}

static struct rule host_rule(int status)
{
	if (status == VM_ERR_NO_MEMORY || status == VM_ERR_UNAVAILABLE)
		return (struct rule){ERROR_CAPACITY, true};
	return (struct rule){ERROR_BUG, true};
}

void verdict_of_error(enum fault_place place, const struct vm_error *error, struct verdict *out)
{
	struct rule rule;

	switch (place) {
	case FAULT_CODEC:
		rule = codec_rules[error->status];
		break;
	case FAULT_HOST:
		rule = host_rule(error->status);
		break;
	default:
		rule = storage_rule(place, error->status);
	}
	if (place == FAULT_SOURCE && error->status == VM_ERR_CONFLICT)
		verdict_set(out, rule.error, rule.transient,
		            "the source is not the object that was uploaded: %s", error->message);
	else
		verdict_set(out, rule.error, rule.transient, "%s", error->message);
}

void verdict_set(struct verdict *out, enum error_class error, bool transient, const char *format,
                 ...)
{
	va_list arguments;

	*out = (struct verdict){.error = error, .transient = transient};
	va_start(arguments, format);
	vsnprintf(out->reason, sizeof out->reason, format, arguments);
	va_end(arguments);
}

/*
 * The kernel refuses the allocation that would pass the bound, so what was used
 * stays below it by at most one allocation: a few frames.
 */
static bool is_near(uint64_t used, uint64_t bound)
{
	uint64_t allocation = bound / 8 > FRAMES_BYTES ? bound / 8 : FRAMES_BYTES;

	return used + allocation >= bound;
}

static bool memory_is_used_up(const struct child_end *end, const struct child_budget *budget)
{
	int status = end->wait_status;
	/* A machine or container that is smaller than the budget ends the largest of its processes. */
	bool taken = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && !end->killed;

	if (budget->memory_bytes == 0)
		return false;
	return end->starved || end->memory_most > budget->memory_bytes ||
	       (taken && end->memory_most >= budget->memory_bytes / 4 * 3) ||
	       (budget->address_bytes > 0 && is_near(end->address_most, budget->address_bytes));
}

bool verdict_of_budget(const struct child_end *end, const struct child_budget *budget,
                       struct verdict *out)
{
	bool signalled = WIFSIGNALED(end->wait_status);
	char time[CLOCK_TEXT_MAX];

	if (budget->cpu_ms > 0 &&
	    (end->cpu_ms >= budget->cpu_ms || (signalled && WTERMSIG(end->wait_status) == SIGXCPU))) {
		verdict_set(out, ERROR_LIMIT, false,
		            "policy.limits.cpu: more than the %s of processor time that are allowed",
		            clock_duration_text((int64_t)budget->cpu_ms, time));
		return true;
	}
	if (memory_is_used_up(end, budget)) {
		verdict_set(
		    out, ERROR_LIMIT, false,
		    "policy.limits.memory: more than the %llu MiB that are allowed; %llu MiB were in use",
		    (unsigned long long)budget->memory_bytes >> 20,
		    (unsigned long long)end->memory_most >> 20);
		return true;
	}
	if (budget->threads > 0 && end->threads_most > budget->threads) {
		verdict_set(out, ERROR_LIMIT, false, "more than %llu threads",
		            (unsigned long long)budget->threads);
		return true;
	}
	return false;
}

void verdict_of_death(const struct child_end *end, const char *plugin, const char *last_words,
                      struct verdict *out)
{
	const char *colon = last_words[0] != '\0' ? ": " : "";
	int status = end->wait_status;

	/* The child's last words name the system call. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		verdict_set(out, ERROR_DECODER_CRASH, true, "%s was ended by its sandbox%s%s", plugin,
		            colon, last_words);
	else if (WIFSIGNALED(status))
		verdict_set(out, ERROR_DECODER_CRASH, true, "%s was ended by signal %d (SIG%s)%s%s", plugin,
		            WTERMSIG(status), sigabbrev_np(WTERMSIG(status)), colon, last_words);
	else
		verdict_set(out, ERROR_DECODER_CRASH, true, "%s ended by itself with exit code %d%s%s",
		            plugin, WEXITSTATUS(status), colon, last_words);
}
