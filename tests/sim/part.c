/* part.c - what happens to every operation on a simulated part. */
#include <string.h>

#include "parts.h"
#include "tally.h"
#include "world.h"

/* A process may be killed, or stopped for a while, wherever it touches the world. */
static void befall(void)
{
	struct process *process = process_self();

	if (process == NULL)
		return;
	if (process->poisoned || chance_of(process->is_server ? 1 : 2)) {
		world_say("is killed");
		if (process->is_server)
			world_disturb();
		process_kill(process);
	}
	if (chance_of(world.pauses)) {
		process->paused_ms = world.now_ms + 1000 + (int64_t)chance_up_to(400000);
		world_disturb_until(process->paused_ms);
		world_say("is paused for %lld ms", (long long)(process->paused_ms - world.now_ms));
		world_sleep_ms(1);
	}
}

static void count(const char *what)
{
	static const struct {
		const char *part;
		enum tally tally;
	} parts[] = {{"meta", TALLY_META_CALLS},
	             {"queue", TALLY_QUEUE_CALLS},
	             {"storage", TALLY_STORAGE_CALLS},
	             {"compute", TALLY_COMPUTE_CALLS}};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strncmp(what, parts[i].part, strlen(parts[i].part)) == 0)
			tally_add(parts[i].tally, 1);
}

static int fail_somehow(const char *what, struct vm_error *err)
{
	static const int statuses[] = {VM_ERR_UNAVAILABLE, VM_ERR_TIMEOUT, VM_ERR_THROTTLED};
	int status = statuses[chance_up_to(2)];

	world_say("%s fails with %d", what, status);
	world_disturb();
	return vm_fail(err, status, "%s: simulated %d", what, status);
}

int part_begin(const char *what, struct vm_error *err)
{
	world_sleep_ms(1 + (int64_t)chance_up_to(chance_of(5) ? 5000 : 20));
	count(what);
	befall();
	if (world.outage != NULL && strncmp(what, world.outage, strlen(world.outage)) == 0) {
		world_disturb();
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: simulated outage", what);
	}
	return chance_of(world.faults) ? fail_somehow(what, err) : VM_OK;
}

int part_end(const char *what, struct vm_error *err)
{
	befall();
	if (!chance_of(world.faults / 2))
		return VM_OK;
	world_disturb();
	world_say("the answer of %s gets lost", what);
	return vm_fail(err, chance_of(500) ? VM_ERR_TIMEOUT : VM_ERR_UNAVAILABLE,
	               "%s: simulated lost answer", what);
}

int part_create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	(void)host;
	(void)config;
	(void)err;
	*self = NULL;
	return VM_OK;
}

void part_destroy(void *self)
{
	(void)self;
}
