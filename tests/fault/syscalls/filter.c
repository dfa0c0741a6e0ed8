/* filter.c - the system calls that change something, and the filter that reports them. */
#include "filter.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum condition { ALWAYS = 1, ANY_OF = 2, NONE_OF = 3, ABOVE = 4 };

/* A call counts when its argument fulfils the condition. */
static const struct counted {
	int number;
	const char *name;
	enum condition condition;
	unsigned argument;
	unsigned value;
} counted[] = {
    {SYS_openat, "openat", ANY_OF, 2, O_CREAT | O_TRUNC},
    {SYS_mknodat, "mknodat", ALWAYS, 0, 0},
    {SYS_mkdirat, "mkdirat", ALWAYS, 0, 0},
    /* What is said on the standard error changes nothing. */
    {SYS_write, "write", ABOVE, 0, STDERR_FILENO},
    {SYS_writev, "writev", ABOVE, 0, STDERR_FILENO},
    {SYS_pwrite64, "pwrite", ALWAYS, 0, 0},
    {SYS_pwritev, "pwritev", ALWAYS, 0, 0},
    {SYS_copy_file_range, "copy_file_range", ALWAYS, 0, 0},
    {SYS_sendfile, "sendfile", ALWAYS, 0, 0},
    {SYS_ftruncate, "ftruncate", ALWAYS, 0, 0},
    {SYS_fallocate, "fallocate", ALWAYS, 0, 0},
    {SYS_utimensat, "utimensat", ALWAYS, 0, 0},
    {SYS_fchmod, "fchmod", ALWAYS, 0, 0},
    {SYS_fsync, "fsync", ALWAYS, 0, 0},
    {SYS_fdatasync, "fdatasync", ALWAYS, 0, 0},
    {SYS_linkat, "linkat", ALWAYS, 0, 0},
    {SYS_renameat, "renameat", ALWAYS, 0, 0},
    {SYS_renameat2, "renameat2", ALWAYS, 0, 0},
    {SYS_unlinkat, "unlinkat", ALWAYS, 0, 0},
    {SYS_sendto, "sendto", ALWAYS, 0, 0},
    {SYS_sendmsg, "sendmsg", ALWAYS, 0, 0},
    {SYS_kill, "kill", ALWAYS, 0, 0},
    {SYS_clone, "clone", NONE_OF, 0, CLONE_THREAD},
    {SYS_execve, "execve", ALWAYS, 0, 0},
#ifdef __x86_64__ /* the others never had them */
    {SYS_open, "open", ANY_OF, 1, O_CREAT | O_TRUNC},
    {SYS_creat, "creat", ALWAYS, 0, 0},
    {SYS_mknod, "mknod", ALWAYS, 0, 0},
    {SYS_mkdir, "mkdir", ALWAYS, 0, 0},
    {SYS_link, "link", ALWAYS, 0, 0},
    {SYS_rename, "rename", ALWAYS, 0, 0},
    {SYS_unlink, "unlink", ALWAYS, 0, 0},
    {SYS_rmdir, "rmdir", ALWAYS, 0, 0},
    {SYS_fork, "fork", ALWAYS, 0, 0},
    {SYS_vfork, "vfork", ALWAYS, 0, 0},
#endif
};

enum { N_COUNTED = sizeof counted / sizeof counted[0], STEPS_EACH = 5, STEPS_ELSE = 2 };

const char *filter_name(int system_call)
{
	for (size_t i = 0; i < N_COUNTED; i++)
		if (counted[i].number == system_call)
			return counted[i].name;
	return NULL;
}

bool filter_needs_room(const char *name)
{
	static const char *const none[] = {"fsync",  "fdatasync", "utimensat", "fchmod",
	                                   "unlink", "unlinkat",  "rmdir"};

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		if (strcmp(name, none[i]) == 0)
			return false;
	return true;
}

/* The lower half of an argument: all that the conditions look at. */
static unsigned place_of(unsigned argument)
{
	return (unsigned)(offsetof(struct seccomp_data, args) + argument * sizeof(__u64));
}

/* When the call is another, the accumulator still holds its number afterwards. */
static struct sock_filter *add(const struct counted *call, struct sock_filter *at)
{
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call->number, 0,
	                                     STEPS_EACH - 1);
	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place_of(call->argument));
	switch (call->condition) {
	case ALWAYS:
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0, 0, 1);
		break;
	case ANY_OF:
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, call->value, 0, 1);
		break;
	case NONE_OF:
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, call->value, 1, 0);
		break;
	case ABOVE:
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, call->value, 0, 1);
		break;
	}
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return at;
}

int filter_install(void)
{
	struct sock_filter filter[1 + N_COUNTED * STEPS_EACH + STEPS_ELSE], *at = filter;
	struct sock_fprog program = {.filter = filter};

	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	                                     offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < N_COUNTED; i++)
		at = add(&counted[i], at);
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)(at - filter);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
	                    &program);
}
