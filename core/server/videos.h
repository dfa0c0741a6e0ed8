/* videos.h - what can be asked of a video: the one road behind API, inbox and queues. */
#ifndef SERVER_VIDEOS_H
#define SERVER_VIDEOS_H

#include "server/server.h"
#include "video/machine.h"
#include "video/video.h"

/*
 * All are [any thread, blocking]. A video that is not there, or is another
 * owner's (owner NULL: anybody's), is VM_ERR_NOT_FOUND. What the state does not
 * allow is VM_ERR_CONFLICT and its message names the state. When the store
 * cannot keep a promise: VM_ERR_UNAVAILABLE, and nothing was promised.
 */

struct video_create {
	const char *name;         /* the client's; may be NULL */
	const char *content_type; /* may be NULL */
	uint64_t bytes;           /* 0: not declared */
	const char *owner;
};

/* Inserts the document; only then does an upload exist. */
int videos_create(struct server *server, const struct video_create *create, struct video *out,
                  const struct vm_call *call, struct vm_error *err);

int videos_get(struct server *server, const char *id, const char *owner, struct video *out,
               const struct vm_call *call, struct vm_error *err);

struct video_list {
	const char *owner;      /* NULL: everybody's */
	enum video_state state; /* 0: any */
	uint32_t limit;
	const char *after_id; /* goes on behind this one, newest first; NULL: from the newest */
};

typedef enum vm_more video_fn(void *ctx, const struct video *video);
int videos_list(struct server *server, const struct video_list *list, video_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err);
int videos_count(struct server *server, enum video_state state, uint64_t *count,
                 const struct vm_call *call, struct vm_error *err);

/* The source is there: stat it, queue the video, send the task message where the store does not. */
int videos_complete(struct server *server, const char *id, const char *owner, struct video *out,
                    const struct vm_call *call, struct vm_error *err);

int videos_cancel(struct server *server, const char *id, const char *owner, struct video *out,
                  const struct vm_call *call, struct vm_error *err);
int videos_retry(struct server *server, const char *id, const char *owner, struct video *out,
                 const struct vm_call *call, struct vm_error *err);
/* Asks for removal: work is stopped, then the objects go, then the document. */
int videos_remove(struct server *server, const char *id, const char *owner,
                  const struct vm_call *call, struct vm_error *err);

/* One dead letter (its id) or all (NULL): a video is queued again first, then its letter moved. */
int videos_redrive(struct server *server, const char *letter, uint64_t *moved,
                   const struct vm_call *call, struct vm_error *err);

/*
 * One step of the state machine: reads the document, steps, stores it by
 * compare-and-set (again from the start on a conflict), carries out the effects
 * that are the server's. *after may be NULL. What the step wants done with the
 * message in hand stays in *effects for the caller.
 */
int videos_step(struct server *server, const char *id, const struct input *input,
                struct video *after, struct effects *effects, const struct vm_call *call,
                struct vm_error *err);

#endif
