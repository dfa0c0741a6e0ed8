/* video.h - the metadata document of one video, and its form as JSON. */
#ifndef VIDEO_VIDEO_H
#define VIDEO_VIDEO_H

#include <jansson.h>

#include <vidmill/compute.h>
#include <vidmill/meta.h>
#include <vidmill/storage.h>

#define VIDEO_ID_MAX 33     /* 128 random bits in hexadecimal */
#define VIDEO_NONCE_MAX 17  /* 64 random bits */
#define VIDEO_TICKET_MAX 33 /* 128 random bits */
#define VIDEO_NAME_MAX 256  /* what the client calls it; never part of a key */
#define VIDEO_REASON_MAX 512
#define VIDEO_OWNER_MAX 65
#define VIDEO_HISTORY_MAX 16 /* attempts remembered, the newest kept */
#define VIDEO_HASH_MAX 65

enum video_state {
	VIDEO_AWAITING_UPLOAD = 1,
	VIDEO_QUEUED = 2,
	VIDEO_DISPATCHED = 3,
	VIDEO_PROCESSING = 4,
	VIDEO_PROCESSED = 5,
	VIDEO_FAILED = 6,
	VIDEO_EXPIRED = 7,
	VIDEO_CANCELED = 8
};

/* Why work on a video failed: in the document, the API, the metrics and the dead letter. */
enum error_class {
	ERROR_NONE = 0,
	ERROR_BAD_MEDIA,
	ERROR_UNSUPPORTED,
	ERROR_LIMIT,
	ERROR_DECODER_CRASH,
	ERROR_SOURCE_MISSING,
	ERROR_STORAGE,
	ERROR_QUEUE,
	ERROR_CAPACITY,
	ERROR_TIMEOUT,
	ERROR_CANCELED,
	ERROR_BUG,
	ERROR_CLASS_COUNT
};

/* How an attempt ended. */
enum attempt_end {
	ATTEMPT_SUCCEEDED = 1,
	ATTEMPT_FAILED = 2,
	ATTEMPT_RELEASED = 3,  /* handed back: not counted */
	ATTEMPT_LOST = 4,      /* its worker went silent or its task ended without a word */
	ATTEMPT_SUPERSEDED = 5 /* cancelled, deleted, retried */
};

struct attempt_record {
	uint64_t generation, epoch;
	enum attempt_end end;
	enum error_class error;
	int64_t started_ms, ended_ms; /* Unix time */
	char reason[VIDEO_REASON_MAX];
};

/* The upload that the server has issued for a source. */
struct video_upload {
	uint64_t bytes; /* declared by the client; 0: not declared */
	int64_t expires_ms;
	char content_type[128];
};

struct video_source {
	char key[VM_KEY_MAX];   /* empty: the one that we issued; else where a stranger put it */
	char etag[VM_ETAG_MAX]; /* empty: nothing arrived yet */
	char sequencer[65];     /* of the event that told of it; empty when the store has none */
	uint64_t bytes;
};

/* The attempt that now has the right to publish; empty when there is none. */
struct video_attempt {
	char ticket[VIDEO_TICKET_MAX];
	char nonce[VIDEO_NONCE_MAX]; /* empty until `started` claimed the epoch */
	char task[VM_TASK_MAX];      /* empty until compute named it */
	int64_t dispatched_ms, started_ms;
	int64_t until_ms; /* dispatched: the dispatch deadline; processing: the lease */
	int64_t grace_ms; /* a living task past its lease is stopped at this time; 0: no grace given */
};

struct video_progress {
	char stage[65];
	uint64_t done_ms, total_ms; /* of the source; total 0: not known */
	double speed;               /* source seconds in a second; 0: not known */
	uint64_t left_ms;           /* until this stage is made, at that speed; 0: not known */
	uint64_t number, stages;    /* this is the first, second, … of so many */
	int64_t at_ms;
};

/* What became visible. */
struct video_result {
	char manifest_key[VM_KEY_MAX];
	char manifest_sha256[VIDEO_HASH_MAX];
	uint64_t outputs, bytes;
};

struct video {
	char id[VIDEO_ID_MAX];
	uint64_t version; /* of the document as read; 0: not stored yet */
	char name[VIDEO_NAME_MAX];
	char owner[VIDEO_OWNER_MAX]; /* the name of the token that made it */
	int64_t created_ms, updated_ms;
	enum video_state state;

	struct video_upload upload;
	struct video_source source;

	uint64_t generation, epoch;
	uint64_t attempts, releases; /* in this generation */
	int64_t due_ms;              /* queued: not before */
	int64_t waiting_ms; /* queued: since when it could be at work; a refusal does not renew it */
	bool message_owed;  /* a task message is to be sent and may not have been */
	int64_t visible_ms; /* when a task message can next be received; 0: none is known */
	struct video_attempt attempt;
	struct video_progress progress;

	struct video_result result; /* of the newest generation that succeeded */
	enum error_class error;
	char reason[VIDEO_REASON_MAX];
	int64_t finished_ms;
	bool dead_letter_owed;
	bool redrive_owed; /* its dead letter is to become a task message and may not have */
	/* A task that has lost its right, until compute was asked to stop it; empty: none. One that
	 * a second loser takes the place of only costs what it still runs. */
	char stop_owed[VM_TASK_MAX];

	/* The notification of the newest outcome: "" when none is due. */
	char outbox_event[VIDEO_ID_MAX];
	int64_t outbox_sent_ms;

	int64_t clean_ms;  /* when objects of losing attempts are to be removed; 0: nothing to clean */
	int64_t wake_ms;   /* when the sweeper must look; 0: never. Indexed: set by every step */
	bool remove_asked; /* DELETE: the objects first, then the document */

	struct attempt_record history[VIDEO_HISTORY_MAX]; /* oldest first */
	size_t n_history;
};

const char *video_state_name(enum video_state state);
enum video_state video_state_number(const char *name); /* 0: none */
const char *error_class_name(enum error_class error);  /* "" for none */

/* The whole document. json_t is the caller's; NULL: out of memory. */
json_t *video_to_json(const struct video *video);
/* `version` comes from the store. VM_ERR_BAD_DATA names the member. */
int video_from_json(const json_t *json, uint64_t version, struct video *out, struct vm_error *err);

/* What a client may see: no ticket, no task, no nonce. */
json_t *video_to_public_json(const struct video *video);

/* The fields that the server's finds need: state, owner, created_ms, wake_ms, waiting_ms. */
extern const struct vm_field video_fields[];
extern const size_t n_video_fields;

#endif
