/* forge.c - frames made by hand, right and wrong ones. */
#include "forge.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { SOCKET = 3, LOG = 19, PROGRESS = 18, DONE = 17, HELLO = 16, REPLY = 6, WRITE = 22 };

struct forgery {
	const char *name;
	const char *magic;
	uint32_t type, request, length;
	uint32_t sent; /* bytes behind the header */
};

/* done: status, native, retry_after_ms of 8 bytes each, and an empty text */
#define DONE_BYTES 26
/* log: the level and an empty text */
#define LOG_BYTES 10

static const struct forgery forgeries[] = {
    {"honest", "VMCM", PROGRESS, 0, 16, 16},
    {"magic", "EVIL", PROGRESS, 0, 16, 16},
    {"type", "VMCM", 4711, 0, 0, 0},
    {"huge", "VMCM", WRITE, 1, UINT32_MAX, 0},
    {"short", "VMCM", PROGRESS, 0, 3, 3},
    {"level", "VMCM", LOG, 0, LOG_BYTES, LOG_BYTES}, /* 0, which is none */
    {"reply", "VMCM", REPLY, 1, DONE_BYTES + 8, DONE_BYTES + 8},
    {"finished", "VMCM", DONE, 1, DONE_BYTES, DONE_BYTES}, /* of the probe, long answered */
    {"future", "VMCM", DONE, 9, DONE_BYTES, DONE_BYTES},
    {"hello", "VMCM", HELLO, 0, 2, 2},
    {"write", "VMCM", WRITE, 77, 8, 8},
};

static void put(unsigned char *bytes, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
}

int forge(const char *name, struct vm_error *err)
{
	unsigned char frame[16 + 64] = {0};
	const struct forgery *forgery = NULL;

	for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++)
		if (strcmp(forgeries[i].name, name) == 0)
			forgery = &forgeries[i];
	if (forgery == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "no forgery \"%s\"", name);
	memcpy(frame, forgery->magic, 4);
	put(frame + 4, forgery->type);
	put(frame + 8, forgery->request);
	put(frame + 12, forgery->length);
	if (write(SOCKET, frame, 16 + forgery->sent) < 0)
		return vm_fail(err, VM_ERR_BUG, "nothing can be written");
	while (strcmp(name, "honest") != 0)
		sleep(1);
	return VM_OK;
}
