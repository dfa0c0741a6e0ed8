/* refuse.h - what the files of refuse.so share: one run, and whose allocation this is. */
#ifndef TESTS_FAULT_REFUSE_H
#define TESTS_FAULT_REFUSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

/*
 * One test program is run under refuse.so (LD_PRELOAD). Before each process
 * that it forks for a case there come others that do the same, in each of which
 * another allocation of vidmill's own code fails. FAULT_DIR names the folder
 * in which run.py and the library meet; without it nothing happens.
 */

/* Mapped from FAULT_DIR/state: all processes of one run count together. */
struct turn {
	atomic_long top;         /* the process that forks the cases */
	atomic_ulong asked;      /* allocations of ours so far */
	atomic_ulong refused_at; /* this one fails; 0: none */
	atomic_bool onward;      /* and all that come after it */
	atomic_bool refused;
	_Atomic int64_t refused_ns; /* when, by the monotonic clock */
};

#define EXPORT __attribute__((visibility("default")))

extern struct turn *turn; /* NULL: nothing is to be refused or counted here */

/* True when this allocation, asked for from `caller`, is to fail. */
bool turn_refuses(const void *caller);

/* The function that would have been called without this library. */
void *next_function(const char *name);

/* A function's address as dlsym gives it: ISO C has no cast from an object pointer. */
#define NEXT(function, name)                                                                       \
	do {                                                                                           \
		if ((function) == NULL) {                                                                  \
			void *found = next_function(name);                                                     \
			memcpy(&(function), &found, sizeof found);                                             \
		}                                                                                          \
	} while (0)

/* True when the code of core/ or plugins/ asks, by itself or through jansson or SQLite. */
bool is_ours(const void *caller);
void callers_read(const char *dir);
/* "WHAT:" and the stack as lines "at MODULE+0xOFFSET". */
void callers_print(int fd, const char *what);

int64_t haste_begin_ns(void);

/* Fork, in the process that forks the cases. */
pid_t turns_fork(void);
void turns_read(const char *dir);

#endif
