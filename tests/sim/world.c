/* world.c - coroutines over virtual time. */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "tally.h"

#define GRACE_MS 30000
#define STACK_BYTES (4u << 20) /* documents are large and steps nest */

struct world world;

struct coroutine {
	ucontext_t context;
	struct process *process;
	process_fn *run;
	void *ctx;
	void *stack;
	int64_t wake_ms;
	const void *waits_for; /* wakes it earlier; NULL: nothing does */
	uint64_t order;        /* ties are broken by chance */
	bool ended;
	struct coroutine *next;
};

static ucontext_t scheduler;
static struct coroutine *coroutines, *current;
static void *free_stacks[4096];
static size_t n_free_stacks;
static int next_process = 1;

/* splitmix64: small, and good enough to choose by. */
static uint64_t next_random(void)
{
	uint64_t z = world.state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint64_t chance_up_to(uint64_t bound)
{
	return bound == UINT64_MAX ? next_random() : next_random() % (bound + 1);
}

bool chance_of(unsigned per_mille)
{
	return !world.calm && chance_up_to(999) < per_mille;
}

int64_t world_clock_ms(void)
{
	struct process *process = process_self();

	return world.now_ms + (process != NULL ? process->skew_ms : 0);
}

struct process *process_create(bool is_server)
{
	struct process *process = calloc(1, sizeof *process);

	if (process == NULL)
		abort();
	process->id = next_process++;
	process->alive = true;
	process->is_server = is_server;
	return process;
}

struct process *process_self(void)
{
	return current != NULL ? current->process : NULL;
}

static void begin(void)
{
	current->run(current->ctx);
	current->ended = true;
	swapcontext(&current->context, &scheduler);
}

static void *take_stack(void)
{
	void *stack;

	if (n_free_stacks > 0)
		return free_stacks[--n_free_stacks];
	stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stack == MAP_FAILED)
		abort();
	return stack;
}

void process_run(struct process *process, process_fn *run, void *ctx)
{
	struct coroutine *coroutine = calloc(1, sizeof *coroutine);

	if (coroutine == NULL || getcontext(&coroutine->context) != 0)
		abort();
	coroutine->process = process;
	coroutine->run = run;
	coroutine->ctx = ctx;
	coroutine->stack = take_stack();
	coroutine->wake_ms = world.now_ms;
	coroutine->order = next_random();
	coroutine->context.uc_stack.ss_sp = coroutine->stack;
	coroutine->context.uc_stack.ss_size = STACK_BYTES;
	makecontext(&coroutine->context, begin, 0);
	coroutine->next = coroutines;
	coroutines = coroutine;
}

static void yield(void)
{
	struct coroutine *self = current;

	swapcontext(&self->context, &scheduler);
}

void world_disturb(void)
{
	world_disturb_until(world.now_ms);
}

void world_disturb_until(int64_t end_ms)
{
	if (world.disturbed_ms < end_ms)
		world.disturbed_ms = end_ms;
}

void process_kill(struct process *process)
{
	if (process->alive) {
		process->alive = false;
		process->died_ms = world.now_ms;
		if (process->begun_ms != 0)
			tally_add(TALLY_WORKER_SECONDS, (uint64_t)(world.now_ms - process->begun_ms) / 1000);
	}
	if (process == process_self())
		yield();
}

/* SIGTERM, then SIGKILL. */
static void kill_after_grace(void *process)
{
	world_sleep_ms(GRACE_MS);
	process_kill(process);
}

void process_stop(struct process *process)
{
	if (process->stop_asked)
		return;
	process->stop_asked = true;
	process_run(NULL, kill_after_grace, process);
}

void world_sleep_ms(int64_t duration_ms)
{
	current->wake_ms = world.now_ms + duration_ms;
	current->order = next_random();
	yield();
}

void world_wait_ms(const void *what, int64_t most_ms)
{
	current->waits_for = what;
	world_sleep_ms(most_ms);
	current->waits_for = NULL;
}

void world_wake(const void *what)
{
	for (struct coroutine *c = coroutines; c != NULL; c = c->next)
		if (c->waits_for == what)
			c->wake_ms = world.now_ms;
}

static bool is_dead(const struct coroutine *coroutine)
{
	return coroutine->ended || (coroutine->process != NULL && !coroutine->process->alive);
}

/* What a killed process held in memory stays allocated: the history ends soon enough. */
static void bury_dead(void)
{
	struct coroutine **link = &coroutines;

	while (*link != NULL) {
		struct coroutine *coroutine = *link;

		if (!is_dead(coroutine)) {
			link = &coroutine->next;
			continue;
		}
		*link = coroutine->next;
		if (n_free_stacks < sizeof free_stacks / sizeof free_stacks[0])
			free_stacks[n_free_stacks++] = coroutine->stack;
		else
			munmap(coroutine->stack, STACK_BYTES);
		free(coroutine);
	}
}

static int64_t ready_ms(const struct coroutine *coroutine)
{
	int64_t paused_ms = coroutine->process != NULL ? coroutine->process->paused_ms : 0;

	return coroutine->wake_ms > paused_ms ? coroutine->wake_ms : paused_ms;
}

static struct coroutine *earliest(void)
{
	struct coroutine *first = NULL;

	for (struct coroutine *c = coroutines; c != NULL; c = c->next)
		if (first == NULL || ready_ms(c) < ready_ms(first) ||
		    (ready_ms(c) == ready_ms(first) && c->order < first->order))
			first = c;
	return first;
}

void world_run(bool (*until)(void))
{
	while (!until()) {
		bury_dead();
		current = earliest();
		if (current == NULL)
			return;
		if (ready_ms(current) > world.now_ms)
			world.now_ms = ready_ms(current);
		world.steps++;
		swapcontext(&scheduler, &current->context);
		current = NULL;
	}
}

void world_say(const char *format, ...)
{
	struct process *process = process_self();
	va_list arguments;

	if (!world.verbose)
		return;
	printf("%10.3f %s%-3d ", (double)world.now_ms / 1000,
	       process == NULL      ? "world "
	       : process->is_server ? "server"
	                            : "worker",
	       process != NULL ? process->id : 0);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}
