/* harness.h - what a case stands on: the plugin under test, instances, processes, expectations. */
#ifndef CONTRACT_HARNESS_H
#define CONTRACT_HARNESS_H

#include <pthread.h>
#include <stdatomic.h>

#include "contract.h"

struct contract;

struct contract_case {
	const char *name; /* letters, digits and '-' */
	const char *promise;
	void (*run)(struct contract *t);
};

/* Shared by every process of one case and the runner, which writes no more after the fork. */
struct contract_report {
	atomic_int result; /* 0 while nothing was said; the first who says something wins */
	atomic_llong deadline_ms;
	char text[1024];
};

/* One case being run. */
struct contract {
	const struct contract_plan *plan;
	const struct vm_plugin *plugin;
	const char *dir;   /* empty at the start, of this case alone, removed after it */
	const char *state; /* the state_dir of every instance, below dir */
	const char *tag;   /* letters and digits that no other case has, in this run or another */
	struct contract_report *report;
	bool loaded;
	struct contract_instance *instances;
	struct contract_memory *memory;
	pthread_mutex_t lock; /* over memory */
};

/*
 * Instances. The plugin is loaded when a process first asks for one. Those made
 * in a process are destroyed at its end, the newest first.
 */
void *contract_create(struct contract *t);
/* Destroys this one now, as the host would. */
void contract_destroy(struct contract *t, void *self);
void contract_close(struct contract *t); /* all of them, then unload */

/*
 * Other processes. The forking process may have no instance yet: libraries of
 * plugins do not survive a fork. `arg` must be shared when something is to come
 * back.
 */
typedef void contract_apart_fn(struct contract *t, void *arg);
typedef void contract_race_fn(struct contract *t, void *self, unsigned racer, void *arg);

#define CONTRACT_RACERS 8

/* Runs fn in a process of its own and waits for its end. */
void contract_apart(struct contract *t, contract_apart_fn *fn, void *arg);
/* The same, killed with SIGKILL so many milliseconds after *started became true. */
void contract_killed(struct contract *t, contract_apart_fn *fn, void *arg,
                     const atomic_bool *started, unsigned after_ms);
/*
 * Runs fn CONTRACT_RACERS times at once: in processes, and where the plugin is
 * parallel in threads that share the process's instance.
 */
void contract_race(struct contract *t, contract_race_fn *fn, void *arg);

/* Zeroed; shared with the processes forked afterwards. Ends with the case. */
void *contract_shared(struct contract *t, size_t size);

/* Zeroed; [any thread] ends with the process. */
void *contract_alloc(struct contract *t, size_t size);
char *contract_print(struct contract *t, const char *format, ...) VM_PRINTF(2, 3);
/* `length` bytes that look random and are the same for the same seed. */
unsigned char *contract_bytes(struct contract *t, size_t length, unsigned seed);

int64_t contract_now_ms(void);
void contract_sleep_ms(unsigned duration_ms);
/* The case may take this much longer: it waits for something slow. */
void contract_allow_ms(struct contract *t, uint64_t more_ms);

/*
 * A call of the host. The time of its cancellation is known before it begins,
 * so no thread is needed for it.
 */
struct contract_call {
	struct vm_call vm; /* first */
	int fd;
	atomic_llong cancel_ms; /* contract_now_ms; INT64_MAX: never */
	int64_t deadline_ms;
	atomic_uint progress_calls;
	atomic_ullong done, total; /* as told last */
};

#define CONTRACT_NEVER UINT64_MAX
/* "Within one second" on a busy machine. */
#define CONTRACT_PROMPT_MS 2000

void contract_call_begin(struct contract *t, struct contract_call *call, uint64_t cancel_after_ms,
                         uint64_t time_ms);
void contract_call_cancel(struct contract_call *call);
void contract_call_end(struct contract_call *call);

/*
 * Expectations. None of these returns when it does not hold: the process ends,
 * and with it the case.
 */
_Noreturn void contract_skip(struct contract *t, const char *format, ...) VM_PRINTF(2, 3);
_Noreturn void contract_fail(struct contract *t, const char *file, int line, const char *format,
                             ...) VM_PRINTF(4, 5);

#define expect(t, condition, ...)                                                                  \
	do {                                                                                           \
		if (!(condition))                                                                          \
			contract_fail((t), __FILE__, __LINE__, __VA_ARGS__);                                   \
	} while (0)

/*
 * Around one operation: it is told a marked error, and what it did with it is
 * judged: untouched on success; on failure the same status and one line.
 */
void contract_err_mark(struct vm_error *err);
int contract_answer(struct contract *t, const char *file, int line, const char *what, int status,
                    const struct vm_error *err);
void contract_status(struct contract *t, const char *file, int line, const char *what, int wanted,
                     int status, const struct vm_error *err);
const char *contract_status_name(int status);

/* answer(t, &err, ops->stat(self, key, &object, NULL, &err)) is the status. */
#define answer(t, err, operation)                                                                  \
	(contract_err_mark(err),                                                                       \
	 contract_answer((t), __FILE__, __LINE__, #operation, (operation), (err)))
#define expect_status(t, wanted, err, operation)                                                   \
	(contract_err_mark(err),                                                                       \
	 contract_status((t), __FILE__, __LINE__, #operation, (wanted), (operation), (err)))
#define expect_ok(t, err, operation) expect_status(t, VM_OK, err, operation)

#endif
