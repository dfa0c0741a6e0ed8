/* machine.h - the life of a video as a pure function: document, input, now -> document, effects. */
#ifndef VIDEO_MACHINE_H
#define VIDEO_MACHINE_H

#include "video/message.h"
#include "video/video.h"

/* A source that is not there may still be on its way for this long after the URL ran out. */
#define UPLOAD_SLACK_MS (15 * 60 * 1000)

/* What the machine needs to know of the policy and of the parts around it. */
struct rules {
	uint64_t attempts_most, releases_most;
	uint64_t backoff_ms, backoff_max_ms;
	uint64_t lease_ms;
	uint64_t start_ms;      /* compute's dispatch deadline */
	uint64_t visibility_ms; /* of the unprocessed queue */
	uint64_t unheard_ms;    /* a message that nobody has received for so long is not waiting */
	uint64_t extend_max_ms;
	bool store_announces; /* the store itself tells a queue of arrivals */
	bool keep_source;
};

enum input_type {
	/* requests */
	INPUT_ARRIVED =
	    1, /* the source is in storage: upload, event, complete, or found by the sweeper */
	INPUT_CANCEL = 2,
	INPUT_RETRY = 3,   /* a new generation */
	INPUT_REDRIVE = 4, /* failed again in the same generation: attempts start from 0 */
	INPUT_REMOVE = 5,
	/* dispatcher */
	INPUT_MESSAGE = 6,       /* a task message is in hand */
	INPUT_TASK_STARTED = 7,  /* compute accepted */
	INPUT_TASK_REFUSED = 8,  /* compute has no room, and surely started nothing */
	INPUT_TASK_FAILED = 9,   /* compute refuses for a reason that waiting does not mend */
	INPUT_LETTER_PAID = 10,  /* the dead letter lies in its queue */
	INPUT_LETTER_FOUND = 11, /* a dead letter: paid, or a message that was received too often */
	INPUT_LETTER_MOVED = 22, /* the dead letter of a redriven video is a task message again */
	INPUT_MESSAGE_SENT = 19, /* the task message that was owed is in its queue */
	/* collector */
	INPUT_EVENT = 12,
	INPUT_OUTBOX_SENT = 13,
	/* sweeper */
	INPUT_TICK = 14,          /* wake_ms has come */
	INPUT_SOURCE_ABSENT = 15, /* asked for by a tick: no object under the source's key */
	INPUT_TASK_STATUS = 16, /* what compute says of the task of a dispatched or processing video */
	INPUT_ADOPT = 17,       /* a complete manifest of the present attempt was found */
	INPUT_CLEANED = 18,     /* what was to be cleaned is gone */
	INPUT_UNHEARD = 20,     /* no task message can be received: none that waits is this video's */
	INPUT_STOPPED = 21      /* compute was asked to stop a task */
};

struct input {
	enum input_type type;
	uint64_t epoch; /* TASK_*, ADOPT: what the input is about; another epoch's is ignored */
	struct video_source source; /* ARRIVED */
	const struct event *event;  /* EVENT */
	const char *task;           /* TASK_STARTED, STOPPED */
	enum error_class error; /* TASK_FAILED; TASK_STATUS of a stopped task: NONE where not known */
	const char *reason;     /* TASK_FAILED, TASK_STATUS of a stopped task */
	bool task_alive;        /* TASK_STATUS: starting or running; else stopped or unknown */
	bool task_interrupted;  /* TASK_STATUS of a stopped task: its machine was taken away */
	bool events_drained;    /* TASK_STATUS: the processed queue was empty after compute answered */
	int64_t seen_ms; /* TASK_STATUS: the clock before all this; long after it nothing counts */
	const struct video_result *result; /* ADOPT */
	int64_t at_ms;                     /* LETTER_FOUND: when it died; 0 when not known */
	uint64_t random;                   /* for jitter: uniform over 64 bits */
	/* fresh secrets, made by the caller for every input: the machine has no source of them */
	const char *fresh_ticket; /* VIDEO_TICKET_MAX - 1 digits */
	const char *fresh_event;  /* VIDEO_ID_MAX - 1 digits */
};

/* What is to be done with the task message in hand. */
enum message_fate {
	MESSAGE_NONE = 0, /* the input was no message */
	MESSAGE_REMOVE = 1,
	MESSAGE_EXTEND = 2, /* hide it for message_ms */
	MESSAGE_LAUNCH = 3, /* hide it for message_ms, then start the task with it */
	MESSAGE_DEAD = 4    /* to the dead letters with message_reason; then LETTER_PAID */
};

/*
 * To be done after the document was stored, in this order. Each may be lost by
 * a crash: wake_ms brings the sweeper, which finds the same need again.
 */
struct effects {
	bool changed; /* false: nothing to store, the input meant nothing here */
	bool refused; /* a request that the state does not allow */
	bool stale;   /* an event or answer of an attempt that has no right any more: drop and count */

	enum message_fate message;
	uint64_t message_ms;
	char message_reason[VIDEO_REASON_MAX + 64];

	bool stop_task; /* ask compute to end stop_task_name, then STOPPED */
	char stop_task_name[VM_TASK_MAX];

	bool send_message; /* a task message, receivable after send_delay_ms; then MESSAGE_SENT */
	uint64_t send_delay_ms;

	bool redrive;    /* move the dead letter that was found, then LETTER_MOVED */
	bool publish;    /* the notification outbox_event, then OUTBOX_SENT */
	bool ask_source; /* stat the source: then ARRIVED or SOURCE_ABSENT */
	bool clean;      /* remove what losing attempts left (all, if remove_asked), then CLEANED */
	bool remove_document; /* everything else is gone: remove it */
};

/*
 * Writes *after and *effects completely. `before` is not changed and may not be
 * `after`. A video that does not exist is never stepped: the caller makes it by
 * video_init. No I/O, no clock, no randomness of its own: the same arguments
 * give the same result.
 */
void video_step(const struct video *before, const struct input *input, const struct rules *rules,
                int64_t now_ms, struct video *after, struct effects *effects);

/* A new document in awaiting_upload. */
void video_init(struct video *video, const char *id, int64_t now_ms, int64_t upload_expires_ms);

/* The token of compute.start: the same for the same (video, generation, epoch). 64 at most. */
void video_token(const struct video *video, char token[65]);

#endif
