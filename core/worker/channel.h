/* channel.h - one end of the socket between a worker and its codec child. */
#ifndef WORKER_CHANNEL_H
#define WORKER_CHANNEL_H

#include <pthread.h>

#include "worker/protocol.h"

struct channel {
	int fd; /* owned */
	enum frame_sender peer;
	pthread_mutex_t send_lock; /* frames go out whole */

	/* The frame that is arriving. [the one receiving thread] */
	unsigned char header_bytes[FRAME_HEADER_BYTES];
	struct frame_header header;
	size_t got; /* of header and payload together */
	unsigned char *payload;
};

/* What arrived. */
struct frame {
	struct message message;
	unsigned char *payload; /* owned: message.data points into it; free() when done with both */
};

/* Takes over `fd`. */
void channel_init(struct channel *channel, int fd, enum frame_sender peer);
void channel_finish(struct channel *channel);

/*
 * [any thread] Sends one message. VM_ERR_UNAVAILABLE when the other end is gone,
 * VM_ERR_TIMEOUT when it takes nothing for CHANNEL_STUCK_MS; after either the
 * channel is of no more use.
 */
#define CHANNEL_STUCK_MS 30000
int channel_send(struct channel *channel, const struct message *message, struct vm_error *err);

/* Sends a message without data if that is possible at once; false when it is not. */
bool channel_send_now(struct channel *channel, const struct message *message);

/*
 * Takes what has arrived without waiting. *complete says whether it made a whole
 * frame, which is then in *out; call again until it did not. VM_ERR_NOT_FOUND
 * when the other end closed, VM_ERR_BAD_DATA when it breaks the protocol.
 */
int channel_receive(struct channel *channel, struct frame *out, bool *complete,
                    struct vm_error *err);

#endif
