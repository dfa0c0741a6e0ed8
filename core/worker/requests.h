/* requests.h - what a codec child asks of its worker, served without trusting it. */
#ifndef WORKER_REQUESTS_H
#define WORKER_REQUESTS_H

#include "support/buffer.h"
#include "support/pool.h"
#include "worker/channel.h"
#include "worker/uploader.h"

/* Requests of one child that may be in progress at once; an honest child waits for its turn. */
#define REQUESTS_MOST 32

struct open_output {
	struct output *output; /* NULL: this number is not in use */
	bool busy;             /* a request on it is in progress */
};

struct requests {
	struct channel *channel;
	struct uploader *uploader;
	const char *stage;
	struct pool *readers, *writers; /* of their own: a slow read holds up no write */
	uint32_t last;                  /* number of the newest request: they are consecutive */

	/* what the present command allows; set while nothing is in progress */
	struct vm_source *source;
	struct buffer *json;
	bool may_write;

	pthread_mutex_t lock; /* of all below */
	unsigned in_progress;
	struct open_output outputs[UPLOADER_OPEN_MOST];
	bool stuck; /* the child takes no answers */
	/* Of this command: */
	bool short_of_memory; /* a request failed because this process had no memory */
	bool source_failed;   /* a read failed; the first one: */
	struct vm_error source_error;
};

/* Must be finished also after a failure. */
int requests_init(struct requests *requests, struct channel *channel, struct uploader *uploader,
                  const char *stage, struct vm_error *err);
/* No request may be in progress. */
void requests_finish(struct requests *requests);

/* `source` and `json` are used until the drain; may_write: outputs may be opened. */
void requests_allow(struct requests *requests, struct vm_source *source, struct buffer *json,
                    bool may_write);
/* From now on a request breaks the protocol. */
void requests_forbid(struct requests *requests);

/*
 * [the receiving thread] Takes the frame over and serves it, mostly on another
 * thread. VM_ERR_BAD_DATA: the child breaks the protocol, and is to be ended.
 */
int requests_serve(struct requests *requests, struct frame *frame, struct vm_error *err);

/* Whether one is in progress; whether the child is stuck. */
bool requests_are_idle(struct requests *requests);
bool requests_are_stuck(struct requests *requests);

/* The most memory that the requests of a child take: those in progress and the one that arrives. */
uint64_t requests_bytes_most(void);

/* Waits for those in progress and forgets what is still open: the uploader has it. */
void requests_drain(struct requests *requests);

#endif
