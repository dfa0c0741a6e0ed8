/* crash.h - work in a process that is killed, or refused something, at a chosen system call. */
#ifndef TESTS_CRASH_H
#define TESTS_CRASH_H

#include <check.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the process does; its result, below 100, is that of the functions here. */
typedef int crash_fn(void *ctx);

enum { CRASH_NOT_TRACED = 100 };

static inline int crash_result_of(int status)
{
	ck_assert_msg(WIFEXITED(status), "the process ended with status %#x", (unsigned)status);
	return WEXITSTATUS(status);
}

static inline pid_t crash_begin(crash_fn *work, void *ctx, bool traced)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	if (traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(CRASH_NOT_TRACED);
	if (traced)
		raise(SIGSTOP);
	_exit(work(ctx));
}

/* Runs `work` in a process of its own. */
static inline int crash_none(crash_fn *work, void *ctx)
{
	int status;

	ck_assert_int_gt(waitpid(crash_begin(work, ctx, false), &status, 0), 0);
	return crash_result_of(status);
}

/* Goes on to the next entry of a system call; false when the process has ended. */
static inline bool crash_next_call(pid_t pid, int *status, int *system_call)
{
	struct __ptrace_syscall_info info;

	while (true) {
		ck_assert_int_eq(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
		ck_assert_int_eq(waitpid(pid, status, 0), pid);
		if (!WIFSTOPPED(*status))
			return false;
		if (WSTOPSIG(*status) != (SIGTRAP | 0x80))
			continue;
		ck_assert_int_gt(ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info), 0);
		*system_call = (int)info.entry.nr;
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
			return true;
	}
}

static inline pid_t crash_begin_traced(crash_fn *work, void *ctx)
{
	pid_t pid = crash_begin(work, ctx, true);
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSTOPPED(status));
	ck_assert_int_eq(
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)),
	    0);
	return pid;
}

/*
 * Kills the process at the entry of its nth system call, from 0. True with the
 * result when the work was over before that.
 */
static inline bool crash_at(unsigned n, crash_fn *work, void *ctx, int *result)
{
	pid_t pid = crash_begin_traced(work, ctx);
	int status, system_call;

	for (unsigned i = 0; crash_next_call(pid, &status, &system_call); i++) {
		if (i == n) {
			kill(pid, SIGKILL);
			ck_assert_int_eq(waitpid(pid, &status, 0), pid);
			ck_assert(WIFSIGNALED(status));
			return false;
		}
	}
	*result = crash_result_of(status);
	return true;
}

/* Writes down the numbers of the system calls that are in `wanted` (ended by -1), in order. */
static inline size_t crash_trace(crash_fn *work, void *ctx, const int *wanted, int *seen,
                                 size_t most)
{
	pid_t pid = crash_begin_traced(work, ctx);
	int status, system_call;
	size_t count = 0;

	while (crash_next_call(pid, &status, &system_call)) {
		for (const int *one = wanted; *one != -1; one++) {
			if (*one == system_call && count < most)
				seen[count++] = system_call;
		}
	}
	ck_assert_int_eq(crash_result_of(status), 0);
	return count;
}

static inline void crash_filter(struct sock_filter *filter, size_t length)
{
	struct sock_fprog program = {(unsigned short)length, filter};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* From now on the system call fails with this errno in this process. */
static inline void crash_refuse(int system_call, int code)
{
	struct sock_filter filter[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)system_call, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)code),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	crash_filter(filter, sizeof filter / sizeof *filter);
}

/* The same, on this descriptor alone. */
static inline void crash_refuse_on(int fd, int system_call, int code)
{
	struct sock_filter filter[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)system_call, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)fd, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)code),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	crash_filter(filter, sizeof filter / sizeof *filter);
}

static inline int crash_nothing(void *ctx)
{
	(void)ctx;
	return 0;
}

/* False, with the reason on the standard error, where processes may not be traced. */
static inline bool crash_is_possible(void)
{
	pid_t pid = crash_begin(crash_nothing, NULL, true);
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status)) {
		fprintf(stderr, "skipped: this system does not let processes be traced\n");
		return false;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return true;
}

#endif
