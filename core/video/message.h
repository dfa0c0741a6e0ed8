/* message.h - what is written into the two queues and into a worker's job, as JSON. */
#ifndef VIDEO_MESSAGE_H
#define VIDEO_MESSAGE_H

#include <vidmill/queue.h>

#include "video/video.h"

/* The task message that the host itself sends: {"vidmill":"task","video":"…"}. */
char *task_message_write(const char *video); /* free(); NULL: out of memory */
/* VM_ERR_BAD_DATA when it is not one: it may then be a message of the store. */
int task_message_read(const void *body, size_t length, char id[VIDEO_ID_MAX], struct vm_error *err);

/* The exit code of a worker that could send no event for a whole lease. */
#define TASK_EXIT_SILENT 12

/* What a worker is given: VM_JOB_VARIABLE. */
struct job {
	char video[VIDEO_ID_MAX];
	uint64_t generation, epoch;
	char ticket[VIDEO_TICKET_MAX];
	char key[VM_KEY_MAX]; /* of the source */
	char etag[VM_ETAG_MAX];
	uint64_t bytes;
	uint64_t lease_ms;
	char pipeline_hash[VIDEO_HASH_MAX];
	char receipt[VM_RECEIPT_MAX]; /* of the task message; empty: none */
};

char *job_write(const struct job *job);
int job_read(const char *text, struct job *out, struct vm_error *err);

enum event_type {
	EVENT_STARTED = 1,
	EVENT_PROGRESS = 2,
	EVENT_SUCCEEDED = 3,
	EVENT_FAILED = 4,
	EVENT_RELEASED = 5
};

/* A message of the processed queue. Which members count depends on the type. */
struct event {
	enum event_type type;
	char video[VIDEO_ID_MAX];
	uint64_t generation, epoch;
	char nonce[VIDEO_NONCE_MAX];
	char ticket[VIDEO_TICKET_MAX];
	int64_t at_ms;                  /* the worker's clock: for people only */
	struct video_progress progress; /* progress */
	struct video_result result;     /* succeeded */
	enum error_class error;         /* failed */
	bool transient;                 /* failed: another attempt may do better */
	char reason[VIDEO_REASON_MAX];  /* failed, released */
};

const char *event_type_name(enum event_type type);
char *event_write(const struct event *event);
int event_read(const void *body, size_t length, struct event *out, struct vm_error *err);

#endif
