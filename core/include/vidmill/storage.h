/* storage.h - the operations of a storage plugin: objects, whole or not at all. */
#ifndef VIDMILL_STORAGE_H
#define VIDMILL_STORAGE_H

#include <vidmill/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VM_ETAG_MAX 128
#define VM_UPLOAD_ID_MAX 1024
#define VM_KEY_MAX                                                                                 \
	1025 /* S3: 1,024 bytes of UTF-8 (docs.aws.amazon.com, "Naming Amazon S3 objects") */

/* One object. */
struct vm_object {
	uint64_t bytes;
	int64_t modified_ms;    /* Unix time */
	char etag[VM_ETAG_MAX]; /* changes whenever the bytes do; opaque, without quotes */
};

/* One part of an upload, as the store named it. */
struct vm_part {
	uint32_t number; /* from 1 */
	uint32_t reserved;
	uint64_t bytes;
	char etag[VM_ETAG_MAX];
};

/* How an object is to be written. */
struct vm_put {
	const char *key;
	const char *content_type; /* NULL: application/octet-stream */
	bool if_absent;           /* VM_ERR_CONFLICT when the key exists, and nothing is changed */
};

/* What the store allows; constant over the life of an instance. */
struct vm_storage_traits {
	uint32_t size;
	uint32_t parts_max;      /* in one upload */
	uint64_t part_bytes_min; /* for all parts but the last one */
	uint64_t part_bytes_max;
	uint64_t object_bytes_max;
	bool announces; /* tells a queue by itself that an object arrived: then the host does not */
	/* Reads go over a network, and a write is refused unless exactly what was sent has arrived:
	 * the host may open what it has just written from memory, and only ask for length and etag. */
	bool distant;
	/* read_at tells its progress: as many bytes of the buffer, from its front, are what they
	 * will be, and may be used before it returns. */
	bool streams;
};

/* What a client needs for sending one request by itself. */
struct vm_request {
	const char *method;
	const char *url;
	const char *const *headers; /* "Name: value", ended by NULL; must be sent exactly so */
	uint32_t part;              /* 0: the whole object; else the part's number */
	uint64_t offset, bytes;     /* the range of the object that this request carries */
};

struct vm_presign {
	struct vm_put put;
	uint64_t bytes; /* the exact length that may be sent */
	uint64_t expires_ms;
};

/* One record of a message that the store itself sent. Strings are borrowed; NULL where not told. */
struct vm_storage_event {
	const char *key; /* decoded */
	const char *etag;
	const char *sequencer;
	uint64_t bytes;
	bool removed; /* the object went away */
};

/* Return VM_STOP for no more. */
typedef enum vm_more vm_object_fn(void *ctx, const char *key, const struct vm_object *object);
typedef enum vm_more vm_upload_fn(void *ctx, const char *key, const char *upload, int64_t begun_ms);
typedef enum vm_more vm_request_fn(void *ctx, const struct vm_request *request);
typedef enum vm_more vm_event_fn(void *ctx, const struct vm_storage_event *event);

/*
 * [worker thread, blocking, cancellable] all but traits and decode_event, which
 * do no I/O. Keys are UTF-8, non-empty, without "." and ".." segments; the host
 * makes them. An operation that is not marked optional must be there.
 */
struct vm_storage_ops {
	uint32_t size;
	uint32_t reserved;

	void (*traits)(void *self, struct vm_storage_traits *out);

	/* VM_ERR_NOT_FOUND when there is no such object. */
	int (*stat)(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
	            struct vm_error *err);

	/*
	 * Reads up to `length` bytes at `offset` of the version that `etag` names
	 * (NULL: of whatever is there). *got < length only at the end of the object.
	 * VM_ERR_CONFLICT when the object has another etag by now.
	 */
	int (*read_at)(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
	               size_t length, size_t *got, const struct vm_call *call, struct vm_error *err);

	/* All or nothing; durable when it returns VM_OK. `out` may be NULL. */
	int (*put)(void *self, const struct vm_put *put, const void *bytes, size_t length,
	           struct vm_object *out, const struct vm_call *call, struct vm_error *err);

	/*
	 * An upload in parts. Nothing is visible before commit; parts may come in
	 * any order and from several threads at once; a number sent again replaces
	 * what it had. Commit takes exactly the parts listed, in order of number, and
	 * is all or nothing and durable; a commit repeated after success changes
	 * nothing and answers VM_ERR_NOT_FOUND, or VM_OK where the store remembers.
	 * With put->if_absent the condition is judged at commit. Abort of what is not
	 * there succeeds.
	 */
	int (*upload_begin)(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
	                    const struct vm_call *call, struct vm_error *err);
	int (*upload_part)(void *self, const char *key, const char *upload, uint32_t number,
	                   const void *bytes, size_t length, struct vm_part *out,
	                   const struct vm_call *call, struct vm_error *err);
	int (*upload_commit)(void *self, const struct vm_put *put, const char *upload,
	                     const struct vm_part *parts, size_t count, struct vm_object *out,
	                     const struct vm_call *call, struct vm_error *err);
	int (*upload_abort)(void *self, const char *key, const char *upload, const struct vm_call *call,
	                    struct vm_error *err);

	/* Removing what is not there succeeds. */
	int (*remove)(void *self, const char *key, const struct vm_call *call, struct vm_error *err);

	/* Every object whose key begins with `prefix`, ordered by key. */
	int (*list)(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
	            const struct vm_call *call, struct vm_error *err);

	/* Every upload whose key begins with `prefix` and that was neither committed nor aborted. */
	int (*list_uploads)(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
	                    const struct vm_call *call, struct vm_error *err);

	/*
	 * Optional. Requests by which a client that holds no credential writes
	 * exactly this object, once: one request, or one for each part. Absent: the
	 * host offers a signed upload URL of its own and streams through the plugin.
	 */
	int (*presign)(void *self, const struct vm_presign *presign, vm_request_fn *emit, void *ctx,
	               const struct vm_call *call, struct vm_error *err);

	/*
	 * Optional. Reads a message that the store sent to a queue and emits each of
	 * its records; a well-formed message that has none (a test event) emits
	 * nothing. VM_ERR_BAD_DATA when it is no message of this store. Absent: the
	 * store sends none.
	 */
	int (*decode_event)(void *self, const void *message, size_t length, vm_event_fn *emit,
	                    void *ctx, struct vm_error *err);

	/*
	 * Optional, and there where presign may emit parts. Makes the object of the
	 * parts that a client has sent by an offer of this key, length and condition,
	 * as upload_commit does. VM_ERR_NOT_FOUND while bytes are missing, and when
	 * there is no such offer any more. Absent: an offer is one request.
	 */
	int (*presign_finish)(void *self, const struct vm_presign *presign, struct vm_object *out,
	                      const struct vm_call *call, struct vm_error *err);
};

#ifdef __cplusplus
}
#endif

#endif
