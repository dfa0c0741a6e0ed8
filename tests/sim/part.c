/* part.c - what happens to every operation on a simulated part. */
#include <string.h>

#include "parts.h"
#include "tally.h"
#include "world.h"

/* How often the calls take long at which this history stumbles, in 1/1000. */
#define STUMBLES 100

static void pause_process(struct process *process)
{
	process->paused_ms = world.now_ms + 1000 + (int64_t)chance_up_to(400000);
	world_disturb_until(process->paused_ms);
	world_say("is paused for %lld ms", (long long)(process->paused_ms - world.now_ms));
	world_sleep_ms(1);
}

static void pause_call(const char *what)
{
	int64_t pause_ms = 1000 + (int64_t)chance_up_to(100000);

	world_disturb_until(world.now_ms + pause_ms);
	world_say("%s takes %lld ms", what, (long long)pause_ms);
	world_sleep_ms(pause_ms);
}

/* A process may be killed, or stopped for a while, wherever it touches the world. */
static void befall(const char *what)
{
	struct process *process = process_self();
	bool is_stumble = world.stumble != NULL && strcmp(what, world.stumble) == 0 &&
	                  chance_of(STUMBLES);

	if (process == NULL)
		return;
	if (process->poisoned || chance_of(process->is_server ? 1 : 2)) {
		world_say("is killed");
		if (process->is_server)
			world_disturb();
		process_kill(process);
	}
	if (chance_of(world.pauses) || (is_stumble && chance_of(500)))
		pause_process(process);
	else if (is_stumble)
		pause_call(what);
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
	int64_t begun_ms = world.now_ms;

	world_sleep_ms(1 + (int64_t)chance_up_to(chance_of(5) ? 5000 : 20));
	count(what);
	befall(what);
	world.call_begun_ms = begun_ms;
	if (world.outage != NULL && strncmp(what, world.outage, strlen(world.outage)) == 0) {
		world_disturb();
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: simulated outage", what);
	}
	return chance_of(world.faults) ? fail_somehow(what, err) : VM_OK;
}

int part_end(const char *what, struct vm_error *err)
{
	befall(what);
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
