/* compute_race.c - a compute service used by several copies of the server. */
#include <stdio.h>
#include <string.h>

#include "compute_kit.h"
#include "suites.h"

struct race {
	char task[CONTRACT_RACERS][VM_TASK_MAX];
	uint32_t room;
	atomic_uint started, throttled;
};

static void start_apart(struct contract *t, void *arg)
{
	struct compute c = c_open(t);
	struct race *race = arg;

	snprintf(race->task[0], VM_TASK_MAX, "%s", c_start(&c, "apart", "wait", 0));
}

static void other_instance(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	struct compute c;

	contract_apart(t, start_apart, race);
	c = c_open(t);
	c_wait(&c, race->task[0], VM_TASK_RUNNING);
	expect(t, strcmp(c_start(&c, "apart", "wait", 0), race->task[0]) == 0,
	       "another instance started a second task for one token");
	c_stop(&c, race->task[0]);
	c_wait(&c, race->task[0], VM_TASK_STOPPED);
	expect(t, c_traces(t, "apart") <= 1, "one token has started %u tasks", c_traces(t, "apart"));
}

static void start_same(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct compute c = c_of(t, self);
	struct race *race = arg;

	snprintf(race->task[racer], VM_TASK_MAX, "%s", c_start(&c, "same", "exit", 7));
}

static void token_race(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	struct compute c;

	contract_race(t, start_same, race);
	c = c_open(t);
	for (unsigned i = 1; i < CONTRACT_RACERS; i++)
		expect(t, strcmp(race->task[0], race->task[i]) == 0,
		       "one token, started by many at once, has two tasks: %s and %s", race->task[0],
		       race->task[i]);
	c_expect_exit(&c, race->task[0], 7);
	expect(t, c_traces(t, "same") <= 1, "one token has started %u tasks", c_traces(t, "same"));
}

static void ask_room(struct contract *t, void *arg)
{
	struct compute c = c_open(t);

	((struct race *)arg)->room = c_capacity(&c);
}

static void start_other(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct compute c = c_of(t, self);
	struct vm_task want = c_task(t, contract_print(t, "racer%u", racer), "wait", 0);
	struct race *race = arg;
	struct vm_error err;
	int status;

	status = answer(t, &err, c.ops->start(self, &want, race->task[racer], NULL, &err));
	expect(t, status == VM_OK || status == VM_ERR_THROTTLED,
	       "a racer's start: expected ok or throttled, answered %s: %s",
	       contract_status_name(status), err.message);
	if (status == VM_OK) {
		atomic_fetch_add(&race->started, 1);
	} else {
		race->task[racer][0] = '\0';
		atomic_fetch_add(&race->throttled, 1);
	}
}

static void room_race(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	struct compute c;

	contract_apart(t, ask_room, race);
	if (race->room >= CONTRACT_RACERS)
		contract_skip(t, "a capacity of %u is too much to fill: configure 2", race->room);
	contract_race(t, start_other, race);
	c = c_open(t);
	for (unsigned i = 0; i < CONTRACT_RACERS; i++)
		if (race->task[i][0] != '\0')
			c_stop(&c, race->task[i]);
	for (unsigned i = 0; i < CONTRACT_RACERS; i++)
		if (race->task[i][0] != '\0')
			c_wait(&c, race->task[i], VM_TASK_STOPPED);
	expect(t, atomic_load(&race->started) == race->room,
	       "room for %u tasks, %u were started by %d racers", race->room,
	       atomic_load(&race->started), CONTRACT_RACERS);
}

static void cancelled(struct contract *t)
{
	struct compute c = c_open(t);
	struct vm_task_status status = {.size = sizeof status};
	struct contract_call call;
	int64_t begin_ms = contract_now_ms();
	struct vm_error err;
	uint32_t room;
	int answered;

	contract_call_begin(t, &call, 0, CONTRACT_NEVER);
	answered = answer(t, &err, c.ops->capacity(c.self, &room, &call.vm, &err));
	expect(t, answered == VM_OK || answered == VM_ERR_CANCELLED, "cancelled, capacity answered %s",
	       contract_status_name(answered));
	answered = answer(t, &err, c.ops->status(c.self, "no-such-task", &status, &call.vm, &err));
	expect(t, answered == VM_OK || answered == VM_ERR_CANCELLED, "cancelled, status answered %s",
	       contract_status_name(answered));
	contract_call_end(&call);
	expect(t, contract_now_ms() - begin_ms < CONTRACT_PROMPT_MS,
	       "two cancelled operations returned after %lld ms",
	       (long long)(contract_now_ms() - begin_ms));
}

const struct contract_case compute_race_cases[] = {
    {"other-instance", "A task is known by its name to every instance, and by its token.",
     other_instance},
    {"token-race", "The same token never starts a second task, whoever starts it at once.",
     token_race},
    {"capacity-race", "No room: VM_ERR_THROTTLED, also when many ask for the last place.",
     room_race},
    {"compute-cancelled", "An operation returns within one second of its cancellation.", cancelled},
    {NULL, NULL, NULL},
};
