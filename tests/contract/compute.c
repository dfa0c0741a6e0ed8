/* compute.c - tasks: started, asked for, stopped. */
#include <signal.h>
#include <string.h>

#include "compute_kit.h"
#include "suites.h"

static void traits(struct contract *t)
{
	struct compute c = c_open(t);
	struct vm_compute_traits again = {.size = sizeof again};

	expect(t, c.traits.start_ms > 0, "start_ms is 0");
	expect(t, c.traits.watch_ms > 0, "watch_ms is 0");
	c.ops->traits(c.self, &again);
	expect(t, again.start_ms == c.traits.start_ms && again.watch_ms == c.traits.watch_ms,
	       "the traits have changed during the life of the instance");
}

static void runs(struct contract *t)
{
	struct compute c = c_open(t);

	c_expect_exit(&c, c_start(&c, "seven", "exit", 7), 7);
	c_expect_exit(&c, c_start(&c, "none", "exit", 0), 0);
}

static void signalled(struct contract *t)
{
	struct compute c = c_open(t);
	const char *task = c_start(&c, "killed", "die", 0);
	int32_t code = c_wait(&c, task, VM_TASK_STOPPED).exit_code;

	/* A container's own init tells a signal as 128 + its number. */
	expect(t, code == -SIGKILL || code == 128 + SIGKILL || code == INT32_MIN,
	       "killed by signal %d, the task's exit code is %d", SIGKILL, code);
}

static void same_token(struct contract *t)
{
	struct compute c = c_open(t);
	uint32_t free_before = c_capacity(&c);
	const char *first = c_start(&c, "token", "wait", 0);
	const char *again = c_start(&c, "token", "wait", 0);

	expect(t, strcmp(first, again) == 0, "one token, two tasks: %s and %s", first, again);
	expect(t, free_before - c_capacity(&c) <= 1, "one token takes room for %u tasks",
	       free_before - c_capacity(&c));
	c_wait(&c, first, VM_TASK_RUNNING);
	/* A second task would need a moment to leave its trace. */
	for (int i = 0; i < 25 && c_traces(t, "token") < 2; i++)
		contract_sleep_ms(20);
	c_stop(&c, first);
	c_wait(&c, first, VM_TASK_STOPPED);
	expect(t, c_traces(t, "token") <= 1, "one token has started %u tasks", c_traces(t, "token"));
}

static void token_of_stopped(struct contract *t)
{
	struct compute c = c_open(t);
	const char *first = c_start(&c, "token", "exit", 7);
	const char *again;

	c_expect_exit(&c, first, 7);
	again = c_start(&c, "token", "exit", 7);
	expect(t, strcmp(first, again) == 0, "the token of a stopped task has started another: %s",
	       again);
	c_expect_exit(&c, again, 7);
	expect(t, c_traces(t, "token") <= 1, "one token has started %u tasks", c_traces(t, "token"));
}

static void stops(struct contract *t)
{
	struct compute c = c_open(t);
	const char *task = c_start(&c, "stopped", "wait", 0);

	c_wait(&c, task, VM_TASK_RUNNING);
	c_stop(&c, task);
	c_wait(&c, task, VM_TASK_STOPPED);
	c_stop(&c, task);
}

static void stops_early(struct contract *t)
{
	struct compute c = c_open(t);
	const char *task = c_start(&c, "stopped", "wait", 0);

	c_stop(&c, task);
	c_wait(&c, task, VM_TASK_STOPPED);
}

static void resists(struct contract *t)
{
	struct compute c = c_open(t);
	const char *task = c_start(&c, "resisting", "resist", 0);
	int64_t begin_ms;

	c_wait(&c, task, VM_TASK_RUNNING);
	/* Until it has its way with SIGTERM; where that cannot be seen the task is just stopped. */
	for (int i = 0; i < 100 && c_traces(t, "resisting") == 0; i++)
		contract_sleep_ms(20);
	begin_ms = contract_now_ms();
	c_stop(&c, task);
	expect(t, contract_now_ms() - begin_ms < CONTRACT_PROMPT_MS, "stop waited %lld ms for the task",
	       (long long)(contract_now_ms() - begin_ms));
	contract_allow_ms(t, 60000);
	c_wait(&c, task, VM_TASK_STOPPED);
}

static void unknown(struct contract *t)
{
	struct compute c = c_open(t);
	struct vm_task_status status = c_status(&c, "no-such-task");

	expect(t, status.state == VM_TASK_UNKNOWN, "status of what was never started: %d",
	       (int)status.state);
	c_stop(&c, "no-such-task");
}

/* Fills the service; returns how many it took. */
static uint32_t fill(const struct compute *c, const char **tasks)
{
	uint32_t room = c_capacity(c);

	if (room == 0)
		contract_skip(c->t, "the service has no room at all");
	if (room > COMPUTE_FILL_MOST)
		contract_skip(c->t, "a capacity of %u is too much to fill: configure 2", room);
	for (uint32_t i = 0; i < room; i++)
		tasks[i] = c_start(c, contract_print(c->t, "fill%u", i), "wait", 0);
	return room;
}

static void empty(const struct compute *c, const char *const *tasks, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		c_stop(c, tasks[i]);
	for (uint32_t i = 0; i < count; i++)
		c_wait(c, tasks[i], VM_TASK_STOPPED);
}

static void wait_for_room(const struct compute *c, uint32_t room)
{
	int64_t end_ms = contract_now_ms() + 20000;

	contract_allow_ms(c->t, 20000);
	while (c_capacity(c) != room) {
		expect(c->t, contract_now_ms() < end_ms, "expected room for %u, capacity says %u", room,
		       c_capacity(c));
		contract_sleep_ms(50);
	}
}

static void capacity(struct contract *t)
{
	const char *tasks[COMPUTE_FILL_MOST];
	struct compute c = c_open(t);
	uint32_t room = fill(&c, tasks);

	expect(t, c_capacity(&c) == 0, "filled, and there is room for %u", c_capacity(&c));
	c_stop(&c, tasks[0]);
	c_wait(&c, tasks[0], VM_TASK_STOPPED);
	wait_for_room(&c, 1);
	empty(&c, tasks, room);
	wait_for_room(&c, room);
}

/* Nobody has asked after them. */
static void capacity_again(struct contract *t)
{
	struct compute c = c_open(t);
	uint32_t room = c_capacity(&c);

	if (room > COMPUTE_FILL_MOST)
		contract_skip(t, "a capacity of %u is too much to fill: configure 2", room);
	for (uint32_t i = 0; i < room; i++)
		c_start(&c, contract_print(t, "short%u", i), "exit", 0);
	wait_for_room(&c, room);
}

static void beyond_capacity(struct contract *t)
{
	const char *tasks[COMPUTE_FILL_MOST];
	struct compute c = c_open(t);
	uint32_t room = fill(&c, tasks);
	struct vm_task more = c_task(t, "more", "exit", 7);
	char task[VM_TASK_MAX];
	struct vm_error err;

	expect_status(t, VM_ERR_THROTTLED, &err, c.ops->start(c.self, &more, task, NULL, &err));
	/* The token of a running task finds it also when there is no room. */
	expect(t, strcmp(c_start(&c, "fill0", "wait", 0), tasks[0]) == 0,
	       "a token did not find its task while there was no room");
	empty(&c, tasks, room);
	wait_for_room(&c, room);
	expect(t, c_traces(t, "more") == 0, "throttled, and started all the same");
	c_expect_exit(&c, c_start(&c, "more", "exit", 7), 7);
}

const struct contract_case compute_cases[] = {
    {"traits", "The dispatch deadline and how often to ask; constant over the life.", traits},
    {"start", "The job is handed over as VM_JOB_VARIABLE, never on a command line.", runs},
    {"signalled", "exit_code negative: the signal that ended it; INT32_MIN: not known.", signalled},
    {"same-token", "The same token never starts a second task.", same_token},
    {"token-of-stopped", "The same token never starts a second task, also when the first ended.",
     token_of_stopped},
    {"stop", "Asks the task to end. Stopping what has stopped succeeds.", stops},
    {"stop-early", "A task can be stopped as soon as it has a name.", stops_early},
    {"stop-resisting", "SIGTERM, then SIGKILL after the plugin's grace, without waiting for it.",
     resists},
    {"unknown-task", "VM_TASK_UNKNOWN: the service does not know it. Stopping it succeeds.",
     unknown},
    {"capacity", "How many tasks could be started now.", capacity},
    {"capacity-again", "How many tasks could be started now: one that has ended takes no room.",
     capacity_again},
    {"beyond-capacity", "No room: VM_ERR_THROTTLED, and surely nothing was started.",
     beyond_capacity},
    {NULL, NULL, NULL},
};
