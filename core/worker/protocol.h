/* protocol.h - what a worker and its codec child say to each other, as pure functions. */
#ifndef WORKER_PROTOCOL_H
#define WORKER_PROTOCOL_H

#include <vidmill/host.h>

/*
 * One message is one frame: a header of 16 bytes (magic, type, request, length
 * of what follows; little-endian), the fields of its type, then its data. The
 * worker takes every byte of a child for hostile: a frame that is longer than
 * its type can be, a number out of range and a text with control characters
 * are all VM_ERR_BAD_DATA here.
 */
#define FRAME_HEADER_BYTES 16
#define FRAME_FIELDS_MAX 1024   /* of all fields of one message */
#define FRAME_DATA_MAX 1048576u /* of the bytes behind them */

enum message_type {
	/* worker to child: commands, each answered by DONE, and two that are not */
	MESSAGE_PROBE = 1,
	MESSAGE_RUN = 2,
	MESSAGE_VERIFY = 3,
	MESSAGE_CANCEL = 4,
	MESSAGE_QUIT = 5,
	MESSAGE_REPLY = 6, /* to a request; data: what was read */

	/* child to worker */
	MESSAGE_HELLO = 16, /* once, first: ready, locked down */
	MESSAGE_DONE = 17,
	MESSAGE_PROGRESS = 18,
	MESSAGE_LOG = 19,
	/* requests, each answered by REPLY */
	MESSAGE_READ = 20,
	MESSAGE_OPEN = 21,
	MESSAGE_WRITE = 22, /* data: what is appended */
	MESSAGE_REWRITE = 23,
	MESSAGE_CLOSE = 24,
	MESSAGE_REPORT = 25 /* data: JSON of probe, run or verify, in pieces */
};

/* Which members a type has stands in protocol.c; the others are 0. */
struct message {
	enum message_type type;
	uint32_t request; /* chosen by who asks, repeated in the answer */

	uint64_t source_bytes, source_ms, threads;
	uint64_t output; /* number of an open output; OPEN's REPLY gives it out */
	uint64_t offset, length;
	uint64_t head_bytes;
	uint64_t done, total;
	uint64_t level;                          /* enum vm_log_level */
	uint64_t status, native, retry_after_ms; /* struct vm_error with `text` */
	char name[256];
	char content_type[128];
	char text[496];

	const void *data; /* borrowed */
	size_t n_data;
};

/* Of a frame that was begun: what its header says. */
struct frame_header {
	enum message_type type;
	uint32_t request;
	size_t length; /* of fields and data together */
};

enum frame_sender { FRAME_FROM_WORKER = 1, FRAME_FROM_CHILD = 2 };

/* Header and fields of a frame; the data follows them. Returns their length. */
size_t message_write(const struct message *message,
                     unsigned char bytes[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX]);

int frame_read_header(enum frame_sender sender, const unsigned char bytes[FRAME_HEADER_BYTES],
                      struct frame_header *out, struct vm_error *err);
/* `payload` has header->length bytes; out->data points into it. */
int message_read(const struct frame_header *header, const unsigned char *payload,
                 struct message *out, struct vm_error *err);

/* "read", "done"; for messages to people. */
const char *message_type_name(enum message_type type);

/* Copies what fits of a text, with control characters escaped: such texts alone may be sent. */
void message_copy_text(char *out, size_t size, const char *text);

/* An error into DONE or REPLY, and out of it again; VM_OK leaves *err alone. */
void message_put_error(struct message *message, int status, const struct vm_error *err);
int message_get_error(const struct message *message, struct vm_error *err);

#endif
