/* escapes.c - the names of the escapes, and those that need processor and memory alone. */
#include "escapes.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define MIB ((size_t)1 << 20)

static const struct escape escapes[] = {
    {"open", escape_open},
    {"create", escape_create},
    {"proc_parent", escape_proc_parent},
    {"read_env", escape_read_env},
    {"write_fd", escape_write_fd},
    {"exec", escape_exec},
    {"fork", escape_fork},
    {"threads", escape_threads},
    {"ptrace", escape_ptrace},
    {"signal_parent", escape_signal_parent},
    {"signal_thread", escape_signal_thread},
    {"orphan", escape_orphan},
    {"core", escape_core},
    {"connect", escape_connect},
    {"connect_deaf", escape_connect_deaf},
    {"connect_shameless", escape_connect_shameless},
    {"mmap_exec", escape_mmap_exec},
    {"mprotect_exec", escape_mprotect_exec},
    {"io_uring", escape_io_uring},
    {"userns", escape_userns},
    {"bpf", escape_bpf},
    {"userfaultfd", escape_userfaultfd},
    {"keyctl", escape_keyctl},
    {"allocate", escape_allocate},
    {"allocate_slowly", escape_allocate_slowly},
    {"spin", escape_spin},
};

const struct escape *escape_find(const char *name)
{
	for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
		if (strcmp(escapes[i].name, name) == 0)
			return &escapes[i];
	return NULL;
}

static void *map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory != MAP_FAILED ? memory : NULL;
}

bool escape_allocate(const char *argument)
{
	for (long left = strtol(argument, NULL, 10); left > 0; left -= 16)
		if (map(16 * MIB) == NULL)
			return false;
	return true;
}

bool escape_allocate_slowly(const char *argument)
{
	for (long left = strtol(argument, NULL, 10); left > 0; left--) {
		void *memory = map(MIB);

		if (memory == NULL)
			return false;
		memset(memory, 0xA5, MIB);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	return true;
}

bool escape_spin(const char *argument)
{
	int64_t most_ms = strtoll(argument, NULL, 10), used_ms = 0;
	struct timespec used;

	while (used_ms < most_ms) {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
		used_ms = (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
	}
	return true;
}
