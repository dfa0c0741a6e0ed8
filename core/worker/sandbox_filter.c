/* sandbox_filter.c - the system calls that are left to a codec child, as a seccomp filter. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "worker/sandbox_parts.h"

/* What pthread_create asks of clone: a thread, which shares everything. Others are processes. */
#define THREAD_FLAGS                                                                               \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |            \
	 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

/*
 * What was seen of decoders and encoders under strace, and what the C library
 * may do in place of it on another processor or in another version. No filter
 * sees behind a pointer, so no call is here that takes a name.
 */
static const int allowed[] = {
    /* the descriptors that it has: no other is ever opened */
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(close),
    /* memory */
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    /* its own threads */
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_get_priority_max),
    SCMP_SYS(sched_get_priority_min),
    SCMP_SYS(getcpu),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    /* time */
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(pause),
    SCMP_SYS(restart_syscall),
    /* what it is and what it may use */
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
};

struct refusal {
	int call;
	uint16_t code; /* errno */
};

/* What libraries try, and can do without. Ending the process for it would end honest ones. */
static const struct refusal refused[] = {
    /* They look around: for the time zone, fonts, processors, memory nodes, terminals. */
    {SCMP_SYS(open), EACCES},
    {SCMP_SYS(openat), EACCES},
    {SCMP_SYS(access), EACCES},
    {SCMP_SYS(faccessat), EACCES},
    {SCMP_SYS(faccessat2), EACCES},
    {SCMP_SYS(stat), EACCES},
    {SCMP_SYS(lstat), EACCES},
    {SCMP_SYS(fstat), EACCES},
    {SCMP_SYS(newfstatat), EACCES},
    {SCMP_SYS(statx), EACCES},
    {SCMP_SYS(readlink), EACCES},
    {SCMP_SYS(readlinkat), EACCES},
    {SCMP_SYS(ioctl), ENOTTY},
    /* They ask for favours. */
    {SCMP_SYS(sched_setaffinity), EPERM},
    {SCMP_SYS(sched_setscheduler), EPERM},
    {SCMP_SYS(sched_setparam), EPERM},
    {SCMP_SYS(getpriority), EPERM},
    {SCMP_SYS(setpriority), EPERM},
    {SCMP_SYS(get_mempolicy), ENOSYS},
    {SCMP_SYS(set_mempolicy), ENOSYS},
    {SCMP_SYS(mbind), ENOSYS},
    {SCMP_SYS(membarrier), ENOSYS},
    /* The flags of this one lie behind a pointer. The C library then takes clone. */
    {SCMP_SYS(clone3), ENOSYS},
};

struct rule {
	int call;
	uint32_t action;
	unsigned n_when; /* all of them must be so */
	struct scmp_arg_cmp when[2];
};

#define YES SCMP_ACT_ALLOW
#define NO SCMP_ACT_ERRNO

/* Those of which the arguments decide: {which, how compared, with what, and what}. */
static const struct rule by_argument[] = {
    {SCMP_SYS(clone), YES, 1, {{0, SCMP_CMP_EQ, THREAD_FLAGS, 0}}},
    /* Memory is never code. A library that makes code as it runs can do without when it must. */
    {SCMP_SYS(mmap), YES, 1, {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},
    {SCMP_SYS(mmap), NO(EACCES), 1, {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC}}},
    {SCMP_SYS(mprotect), YES, 1, {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},
    {SCMP_SYS(mprotect), NO(EACCES), 1, {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC}}},
    /* Threads have names. All else of it would loosen what was tied. */
    {SCMP_SYS(prctl), YES, 1, {{0, SCMP_CMP_EQ, PR_SET_NAME, 0}}},
    {SCMP_SYS(prctl), NO(EPERM), 1, {{0, SCMP_CMP_NE, PR_SET_NAME, 0}}},
    {SCMP_SYS(fcntl), YES, 1, {{1, SCMP_CMP_EQ, F_GETFD, 0}}},
    {SCMP_SYS(fcntl), YES, 1, {{1, SCMP_CMP_EQ, F_GETFL, 0}}},
    /* Limits of its own may be asked for, not set. */
    {SCMP_SYS(prlimit64), YES, 2, {{0, SCMP_CMP_EQ, 0, 0}, {2, SCMP_CMP_EQ, 0, 0}}},
    /* SIGSYS stays ours. */
    {SCMP_SYS(rt_sigaction), YES, 1, {{0, SCMP_CMP_NE, SIGSYS, 0}}},
};

#define N_OF(table) (sizeof(table) / sizeof(table)[0])

static int add(scmp_filter_ctx filter, int call, uint32_t action, unsigned n_when,
               const struct scmp_arg_cmp *when)
{
	/* Negative: this processor has no such call. */
	return call < 0 ? 0 : seccomp_rule_add_array(filter, action, call, n_when, when);
}

static int add_all(scmp_filter_ctx filter)
{
	/* abort, and what the C library tells its threads. */
	const struct scmp_arg_cmp ourselves = {0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0};
	int error = add(filter, SCMP_SYS(tgkill), SCMP_ACT_ALLOW, 1, &ourselves);

	for (size_t i = 0; error == 0 && i < N_OF(allowed); i++)
		error = add(filter, allowed[i], SCMP_ACT_ALLOW, 0, NULL);
	for (size_t i = 0; error == 0 && i < N_OF(refused); i++)
		error = add(filter, refused[i].call, SCMP_ACT_ERRNO(refused[i].code), 0, NULL);
	for (size_t i = 0; error == 0 && i < N_OF(by_argument); i++)
		error = add(filter, by_argument[i].call, by_argument[i].action, by_argument[i].n_when,
		            by_argument[i].when);
	return error;
}

/* Another processor's calls, like those of 32 bits, have other numbers: none is allowed. */
static int set_attributes(scmp_filter_ctx filter)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	/* Also threads that the plugin has started. */
	if (error == 0)
		error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	/* A tree: there are some calls for each frame. */
	if (error == 0)
		error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return error;
}

/* By number. Found before, because a handler of signals may not look them up. */
static char names[512][24];

static void find_names(void)
{
	for (int call = 0; call < (int)N_OF(names); call++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);

		snprintf(names[call], sizeof names[call], "%s", name != NULL ? name : "unknown");
		free(name);
	}
}

/*
 * The kernel has not made the call; whatever becomes of this function, it does
 * no harm. The filter could also end the process by itself, but then nobody
 * would know why.
 */
static void tell_and_die(int signal, siginfo_t *info, void *context)
{
	static char before[] = "\nthe system call ", after[] = " is forbidden\n", other[] = "unknown";
	unsigned call = (unsigned)info->si_syscall;
	char *name = call < N_OF(names) ? names[call] : other;
	const struct iovec words[] = {
	    {before, sizeof before - 1}, {name, strlen(name)}, {after, sizeof after - 1}};

	(void)signal;
	(void)context;
	(void)!writev(STDERR_FILENO, words, 3);
	/* The second one, while this signal is blocked, is deadly. */
	syscall(SYS_getsid, 0);
}

static int watch(struct vm_error *err)
{
	struct sigaction action = {.sa_sigaction = tell_and_die, .sa_flags = SA_SIGINFO};

	find_names();
	sigfillset(&action.sa_mask);
	if (sigaction(SIGSYS, &action, NULL) == 0)
		return VM_OK;
	return vm_fail(err, VM_ERR_UNAVAILABLE, "sigaction: %s", strerror(errno));
}

int sandbox_filter(struct vm_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	int error, status;

	if (filter == NULL)
		return vm_fail_memory(err);
	error = set_attributes(filter);
	if (error == 0)
		error = add_all(filter);
	status = watch(err);
	if (status == VM_OK && error == 0)
		error = seccomp_load(filter);
	seccomp_release(filter);
	if (status == VM_OK && error != 0)
		status = vm_fail(err, VM_ERR_UNAVAILABLE,
		                 "no seccomp filter: %s; a codec child needs a kernel with "
		                 "CONFIG_SECCOMP_FILTER and a container that allows seccomp",
		                 strerror(-error));
	return status;
}
