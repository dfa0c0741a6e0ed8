/* fake.h - a server whose places are this process's memory, and can be told to fail. */
#ifndef TESTS_SERVER_FAKE_H
#define TESTS_SERVER_FAKE_H

#include "server/http_internal.h"
#include "server/videos.h"

/* From now on this operation of every place ("stat", "put", "get", …) fails so. [any thread] */
void fake_fail(const char *operation, int status, const char *message);
void fake_mend(void);

/* The fault when it is this operation's, else VM_OK: asked by the fakes. */
int fake_fails(const char *operation, struct vm_error *err);

/* Where presigned requests go: /1 and /2 below it, each half of the source. */
extern const char *fake_store_url;
int fake_presign(void *self, const struct vm_presign *want, vm_request_fn *emit, void *ctx,
                 const struct vm_call *call, struct vm_error *err);

extern const struct vm_storage_ops fake_storage_ops, fake_presigning_storage_ops;
extern const struct vm_queue_ops fake_queue_ops;
extern const struct vm_compute_ops fake_compute_ops;
extern const struct vm_meta_ops fake_meta_ops;

void *fake_storage_create(void);
void fake_storage_destroy(void *self);
void *fake_queue_create(void);
void fake_queue_destroy(void *self);
void *fake_meta_create(void);
void fake_meta_destroy(void *self);

/* What lies there now. */
size_t fake_storage_objects(void *self);
size_t fake_storage_uploads(void *self);
size_t fake_queue_messages(void *self);

/* A running API over fakes; each test makes one. */
struct fake {
	struct server server;
	struct pipeline pipeline;
	struct http *http;
	char state_dir[64];
	char address[256];
	int port;
};

/* `tokens` as in server.tokens; NULL: none. `presigns`: the store has that operation. */
struct fake_options {
	const char *tokens;
	const char *public_url;
	const char *listen; /* NULL: 127.0.0.1:0 */
	bool presigns;
	uint64_t bytes_most;    /* of a source; 0: 64 MiB */
	const char *upload_key; /* NULL: made in the state folder */
	/* NULL: the store sends no messages. */
	int (*decode_event)(void *self, const void *message, size_t length, vm_event_fn *emit,
	                    void *ctx, struct vm_error *err);
	const struct http_limits *limits; /* NULL: the defaults */
};

void fake_prepare(struct fake *fake, const struct fake_options *options); /* all but http_start */
void fake_start(struct fake *fake, const struct fake_options *options);
void fake_stop(struct fake *fake);

/* A video of this owner; then one with a source; then one with two outputs. */
void fake_create(struct fake *fake, const char *owner, struct video *out);
void fake_queue(struct fake *fake, const char *owner, struct video *out);
void fake_process(struct fake *fake, const char *owner, struct video *out);
#define FAKE_PLAYLIST "#EXTM3U\n"

/* A dead letter about this video (NULL: a message that is no task), with its id. */
void fake_bury(struct fake *fake, const char *video, char id[VM_MESSAGE_ID_MAX]);

#endif
