/* deed.c - crashes, hangs, spins, allocates. */
#include "deed.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Behind the statuses, which keep their numbers. */
enum deed {
	DEED_CRASH = VM_ERR_BUG + 1,
	DEED_KILL = VM_ERR_BUG + 2,
	DEED_HANG = VM_ERR_BUG + 3,
	DEED_SPIN = VM_ERR_BUG + 4,
	DEED_ALLOCATE = VM_ERR_BUG + 5
};

const char *const deed_names[] = {
    [VM_OK] = "ok",
    [VM_ERR_CONFIG] = "config",
    [VM_ERR_NOT_FOUND] = "not_found",
    [VM_ERR_CONFLICT] = "conflict",
    [VM_ERR_DENIED] = "denied",
    [VM_ERR_THROTTLED] = "throttled",
    [VM_ERR_UNAVAILABLE] = "unavailable",
    [VM_ERR_TIMEOUT] = "timeout",
    [VM_ERR_CANCELLED] = "cancelled",
    [VM_ERR_BAD_DATA] = "bad_data",
    [VM_ERR_UNSUPPORTED] = "unsupported",
    [VM_ERR_LIMIT] = "limit",
    [VM_ERR_NO_MEMORY] = "no_memory",
    [VM_ERR_BUG] = "bug",
    [DEED_CRASH] = "crash",
    [DEED_KILL] = "kill",
    [DEED_HANG] = "hang",
    [DEED_SPIN] = "spin",
    [DEED_ALLOCATE] = "allocate",
    NULL,
};

#define CHUNK_BYTES ((size_t)16 << 20)
/* Beyond this the machine would suffer, not the budget that is under test. */
#define CHUNKS_MOST 128

static void hang(void)
{
	for (;;)
		pause();
}

static void spin(void)
{
	for (volatile unsigned turns = 0;; turns++)
		;
}

static void allocate(void)
{
	void *chunks[CHUNKS_MOST];
	size_t count = 0;

	while (count < CHUNKS_MOST && (chunks[count] = malloc(CHUNK_BYTES)) != NULL)
		memset(chunks[count++], 0xA5, CHUNK_BYTES);
	while (count > 0)
		free(chunks[--count]);
}

int deed_do(int answer, const char *operation, struct vm_error *err)
{
	switch (answer) {
	case DEED_CRASH:
		raise(SIGSEGV);
		abort();
	case DEED_KILL:
		raise(SIGKILL);
		abort();
	case DEED_HANG:
		hang();
		break;
	case DEED_SPIN:
		spin();
		break;
	case DEED_ALLOCATE:
		allocate();
		answer = VM_ERR_NO_MEMORY;
		break;
	default:
		break;
	}
	return vm_fail(err, answer, "%s: %s, says the script", operation, deed_names[answer]);
}
