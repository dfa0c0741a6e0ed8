/* escape_kernel.c - escapes to the network, to memory that is code, and into the kernel. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "escapes.h"

bool escape_connect(const char *argument)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)strtoul(argument, NULL, 10)),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int file = socket(AF_INET, SOCK_STREAM, 0);

	return file >= 0 && connect(file, (const struct sockaddr *)&address, sizeof address) == 0;
}

/* The signal that would stop it is blocked. */
bool escape_connect_deaf(const char *argument)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	return escape_connect(argument);
}

/* The signal that would stop it is ignored. */
bool escape_connect_shameless(const char *argument)
{
	const struct sigaction ignored = {.sa_handler = SIG_IGN};

	return sigaction(SIGSYS, &ignored, NULL) == 0 && escape_connect(argument);
}

bool escape_mmap_exec(const char *argument)
{
	(void)argument;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	            0) != MAP_FAILED;
}

bool escape_mprotect_exec(const char *argument)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)argument;
	return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

bool escape_io_uring(const char *argument)
{
	struct io_uring_params wanted = {0};

	(void)argument;
	return syscall(SYS_io_uring_setup, 1, &wanted) >= 0;
}

bool escape_userns(const char *argument)
{
	(void)argument;
	return unshare(CLONE_NEWUSER) == 0;
}

bool escape_bpf(const char *argument)
{
	union bpf_attr map;

	(void)argument;
	memset(&map, 0, sizeof map);
	map.map_type = BPF_MAP_TYPE_ARRAY;
	map.key_size = map.value_size = 4;
	map.max_entries = 1;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map) >= 0;
}

bool escape_userfaultfd(const char *argument)
{
	(void)argument;
	return syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY) >= 0;
}

bool escape_keyctl(const char *argument)
{
	(void)argument;
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1) >= 0;
}
