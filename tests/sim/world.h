/* world.h - one simulated history: virtual time, chance, processes that die and pause. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The simulator runs the real server code - dispatcher, collector, sweeper,
 * watcher, the state machine - on simulated plugins and simulated workers. It
 * has one thread: every loop is a coroutine, time moves only when all of them
 * wait, and all chance comes from one seed, so a seed is a history.
 */

enum { HEARD_KEPT = 4 };

/* What can fail: a server (its four loops and its clients), or a worker. */
struct process {
	int id;
	bool alive;
	int64_t skew_ms;   /* its clock against the world's */
	int64_t paused_ms; /* SIGSTOP until then */
	bool stop_asked;   /* SIGTERM */
	bool is_server;
	bool poisoned;    /* has in hand what makes it crash */
	int64_t begun_ms; /* a worker: since when it works; 0: it never did */
	int64_t died_ms;
	int64_t heard_ms; /* a worker: when the queue last took an event of it; 0: never */
	int64_t heard_earlier_ms[HEARD_KEPT]; /* and before that, the latest first */
};

struct world {
	uint64_t seed;
	uint64_t state; /* of the generator */
	int64_t now_ms;
	bool calm; /* no more faults: what is under way must come to its end */
	bool verbose;
	unsigned faults;            /* chance of a fault in an operation, in 1/1000 */
	unsigned pauses;            /* chance that it stops the process for a while, in 1/1000 */
	const char *repeat_stumble; /* as the command named it */
	const char *stumble;        /* the call before and behind which much time is lost; or NULL */
	int64_t skew_ms;            /* how far a clock may be off */
	int64_t call_begun_ms; /* when the call was made that happens now: it may have taken long */
	int64_t disturbed_ms;  /* when something but a worker last failed */
	const char *outage;    /* the part that answers nothing: "meta", "queue"; NULL: none */
	uint64_t outages;      /* so far */
	uint64_t steps;
};

extern struct world world;

uint64_t chance_up_to(uint64_t bound); /* uniform in [0, bound] */
bool chance_of(unsigned per_mille);    /* never while the world is calm */
int64_t world_clock_ms(void);          /* Unix time as the present process sees it */

typedef void process_fn(void *ctx);

struct process *process_create(bool is_server);
/* Starts a coroutine of a process; `process` NULL: one that nothing kills. */
void process_run(struct process *process, process_fn *run, void *ctx);
struct process *process_self(void);
/* Asks it to stop; it is killed when it has not after a while. */
void process_stop(struct process *process);

/* Something failed that delays recovery: its bound counts from now. */
void world_disturb(void);
void world_disturb_until(int64_t end_ms);

/* Nothing of it is ever resumed. Ends the caller when it is its own process. */
void process_kill(struct process *process);

/* Lets others run for so long; a process that was killed does not come back from it. */
void world_sleep_ms(int64_t duration_ms);

/* The same, but no longer than until somebody says that `what` has changed. */
void world_wait_ms(const void *what, int64_t most_ms);
void world_wake(const void *what);

/* Until nothing can run any more or `until` says so. */
void world_run(bool (*until)(void));

/* With --verbose. */
void world_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
