/* part_compute.c - compute that answers late, twice or never, and starts simulated workers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "sim.h"
#include "tally.h"

/* A service gives up what it cannot place at last. */
#define PLACING_MS (2 * 3600 * 1000)

static struct task *tasks;

static struct task *find(const char *token)
{
	struct task *task = tasks;

	while (task != NULL && strcmp(task->token, token) != 0)
		task = task->next;
	return task;
}

static bool is_running(const struct task *task)
{
	return task->process != NULL && task->process->alive;
}

static uint32_t running(void)
{
	uint32_t count = 0;

	for (struct task *task = tasks; task != NULL; task = task->next)
		count += is_running(task);
	return count;
}

const struct task *task_find(const char *token)
{
	return find(token);
}

void task_excuse(const char *video, uint64_t generation, uint64_t epoch)
{
	struct task *task;
	char token[65];

	snprintf(token, sizeof token, "%s-%" PRIu64 "-%" PRIu64, video, generation, epoch);
	task = find(token);
	if (task != NULL)
		task->excused = true;
}

struct process *task_process_any(void)
{
	struct process *chosen = NULL;
	uint64_t n = 0;

	for (struct task *task = tasks; task != NULL; task = task->next)
		if (is_running(task) && chance_up_to(n++) == 0)
			chosen = task->process;
	return chosen;
}

/* Known from its first start on, whatever comes of it. */
static struct task *note(const char *token)
{
	struct task *task = find(token);

	if (task != NULL)
		return task;
	task = calloc(1, sizeof *task);
	if (task == NULL)
		abort();
	snprintf(task->token, sizeof task->token, "%s", token);
	task->next = tasks;
	tasks = task;
	return task;
}

struct start {
	struct job job;
	int64_t delay_ms;
};

static void start_worker(void *ctx)
{
	struct start *start = ctx;

	world_sleep_ms(start->delay_ms);
	if (start->delay_ms < PLACING_MS)
		worker_start(process_self(), &start->job);
	/* A task ends when its worker has. */
	process_kill(process_self());
}

static struct process *launch(const struct job *job, int64_t delay_ms)
{
	struct process *process = process_create(false);
	struct start *start = calloc(1, sizeof *start);

	if (start == NULL)
		abort();
	start->job = *job;
	start->delay_ms = delay_ms;
	process_run(process, start_worker, start);
	tally_add(TALLY_LAUNCHES, 1);
	return process;
}

static void do_traits(void *self, struct vm_compute_traits *out)
{
	(void)self;
	out->start_ms = SIM_START_MS;
	out->watch_ms = SIM_WATCH_MS;
}

static int do_start(void *self, const struct vm_task *want, char name[VM_TASK_MAX],
                    const struct vm_call *call, struct vm_error *err)
{
	struct task *task;
	struct job job;
	int status = part_begin("compute.start", err);

	(void)self;
	(void)call;
	task = note(want->token);
	task->refused = task->refused || status == VM_ERR_THROTTLED;
	task->unanswered = task->unanswered || (status != VM_OK && status != VM_ERR_THROTTLED);
	if (status != VM_OK)
		return status;
	snprintf(name, VM_TASK_MAX, "task-%s", want->token);
	if (task->process != NULL) {
		if (!chance_of(20))
			return VM_OK;
		task->excused = true; /* a service that forgets its tokens */
	}
	if (running() >= sim.n_tasks || chance_of(20)) {
		task->refused = true;
		tally_add(TALLY_REFUSALS, 1);
		return vm_fail(err, VM_ERR_THROTTLED, "start: no room");
	}
	if (chance_of(sim.declines)) {
		task->declined = true;
		return vm_fail(err, VM_ERR_CONFIG, "start: simulated refusal");
	}
	if (job_read(want->job, &job, err) != VM_OK)
		return VM_ERR_BUG;
	task->starts_ms = world.now_ms + (int64_t)chance_up_to(chance_of(50) ? 120000 : 3000);
	task->process = launch(&job, chance_of(10) ? PLACING_MS : task->starts_ms - world.now_ms);
	/* It may start two of the same epoch. */
	if (chance_of(20)) {
		task->excused = true;
		launch(&job, (int64_t)chance_up_to(30000));
	}
	status = part_end("compute.start", err);
	task->unanswered = task->unanswered || status != VM_OK;
	return status;
}

static int do_status(void *self, const char *name, struct vm_task_status *out,
                     const struct vm_call *call, struct vm_error *err)
{
	struct task *task;
	int status = part_begin("compute.status", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	task = find(name + strlen("task-"));
	out->exit_code = INT32_MIN;
	out->reason[0] = '\0';
	if (task != NULL && chance_of(3)) {
		task->excused = true;
		out->state = VM_TASK_UNKNOWN;
	} else if (task == NULL || task->process == NULL)
		out->state = VM_TASK_UNKNOWN;
	else if (!task->process->alive)
		out->state = VM_TASK_STOPPED;
	else
		out->state = world.now_ms < task->starts_ms ? VM_TASK_STARTING : VM_TASK_RUNNING;
	return VM_OK;
}

static int do_stop(void *self, const char *name, const struct vm_call *call, struct vm_error *err)
{
	struct task *task;
	int status = part_begin("compute.stop", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	task = find(name + strlen("task-"));
	if (task != NULL && task->process != NULL)
		process_stop(task->process);
	return part_end("compute.stop", err);
}

static int do_capacity(void *self, uint32_t *free_tasks, const struct vm_call *call,
                       struct vm_error *err)
{
	int status = part_begin("compute.capacity", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	*free_tasks = running() < sim.n_tasks ? sim.n_tasks - running() : 0;
	return VM_OK;
}

static const struct vm_compute_ops ops = {.size = sizeof ops,
                                          .traits = do_traits,
                                          .start = do_start,
                                          .status = do_status,
                                          .stop = do_stop,
                                          .capacity = do_capacity};

static struct plugin_life life = {.loaded = true};
struct plugin sim_compute = {.entry = {VM_PLUGIN(VM_KIND_COMPUTE), .name = "sim-compute",
                                       .threads = VM_THREADS_PARALLEL, .ops.compute = &ops,
                                       .create = part_create, .destroy = part_destroy},
                             .life = &life};
