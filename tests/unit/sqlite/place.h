/* place.h - a folder of its own for a test, a call that can end, a process that can be killed. */
#ifndef TESTS_SQLITE_PLACE_H
#define TESTS_SQLITE_PLACE_H

#include <check.h>
#include <ftw.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vidmill/host.h>

#define PLACE_MAX 64

/* A new private folder, to be used as a state directory. */
static inline void place_make(char folder[PLACE_MAX])
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, PLACE_MAX, "%s/vidmill-XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline int place_remove_entry(const char *path, const struct stat *file, int type,
                                     struct FTW *where)
{
	(void)file;
	(void)type;
	(void)where;
	return remove(path);
}

static inline void place_remove(const char *folder)
{
	nftw(folder, place_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline int64_t place_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void place_sleep_ms(unsigned duration_ms)
{
	nanosleep(
	    &(struct timespec){(time_t)(duration_ms / 1000), (long)(duration_ms % 1000) * 1000000},
	    NULL);
}

/* Zeroed, shared with the processes forked afterwards; ends with the test. */
static inline void *place_shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(memory, MAP_FAILED);
	return memory;
}

/* Runs fn in a process of its own; 0 from fn is success. */
typedef int place_fn(const char *folder, void *arg);
static inline pid_t place_start(place_fn *fn, const char *folder, void *arg)
{
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(fn(folder, arg));
	return child;
}

static inline void place_wait(pid_t child)
{
	int how;

	ck_assert_int_eq(waitpid(child, &how, 0), child);
	ck_assert_msg(WIFEXITED(how) && WEXITSTATUS(how) == 0, "a process of the test has failed");
}

/* For who waits for something that the process does. */
static inline void place_expect_alive(pid_t child)
{
	ck_assert_msg(waitpid(child, NULL, WNOHANG) == 0, "a process of the test has ended by itself");
}

static inline void place_kill(pid_t child)
{
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

/* A call that is cancelled at a time or at a question, or runs out of time. */
struct place_call {
	struct vm_call vm;              /* first */
	int64_t cancel_ms, deadline_ms; /* place_now_ms; INT64_MAX: never */
	atomic_int questions_left;      /* until it is cancelled; below 0: any number */
};

static inline struct place_call *place_call_of(const struct vm_call *call)
{
	return (struct place_call *)(uintptr_t)call;
}

static inline bool place_call_cancelled(const struct vm_call *vm)
{
	struct place_call *call = place_call_of(vm);
	int left = atomic_load(&call->questions_left);

	if (left > 0)
		atomic_fetch_sub(&call->questions_left, 1);
	return left == 0 || place_now_ms() >= call->cancel_ms;
}

static inline int place_call_no_fd(const struct vm_call *call)
{
	(void)call;
	return -1;
}

static inline int64_t place_call_time_left_ms(const struct vm_call *vm)
{
	int64_t deadline_ms = place_call_of(vm)->deadline_ms, now = place_now_ms();

	if (deadline_ms == INT64_MAX)
		return INT64_MAX;
	return deadline_ms > now ? deadline_ms - now : 0;
}

static inline bool place_call_sleep_ms(const struct vm_call *vm, uint64_t duration_ms)
{
	int64_t end_ms = place_now_ms() + (int64_t)duration_ms;

	while (place_now_ms() < end_ms) {
		if (place_call_cancelled(vm) || place_call_time_left_ms(vm) == 0)
			return false;
		place_sleep_ms(1);
	}
	return true;
}

static inline void place_call_progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	(void)call;
	(void)done;
	(void)total;
}

static inline void place_call_init(struct place_call *call)
{
	static const struct vm_call_table table = {sizeof table,
	                                           0,
	                                           place_call_cancelled,
	                                           place_call_no_fd,
	                                           place_call_time_left_ms,
	                                           place_call_sleep_ms,
	                                           place_call_progress};

	call->vm.table = &table;
	call->cancel_ms = INT64_MAX;
	call->deadline_ms = INT64_MAX;
	atomic_init(&call->questions_left, -1);
}

/* The operation succeeds, else its sentence is shown. */
#define expect_ok(err, operation)                                                                  \
	do {                                                                                           \
		int expect_status_ = (operation);                                                          \
		ck_assert_msg(expect_status_ == VM_OK, "%s: %s", #operation, (err)->message);              \
	} while (0)

#endif
