/* meta.h - the operations of a metadata plugin: documents under compare-and-set. */
#ifndef VIDMILL_META_H
#define VIDMILL_META_H

#include <vidmill/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VM_DOCUMENT_ID_MAX 129

enum vm_field_type { VM_FIELD_TEXT = 1, VM_FIELD_INT = 2 };

/* A top-level member of the documents that find may ask for. Absent or null matches nothing. */
struct vm_field {
	const char *name;
	enum vm_field_type type;
};

enum vm_match { VM_MATCH_EQUAL = 1, VM_MATCH_BELOW_OR_EQUAL = 2, VM_MATCH_ABOVE_OR_EQUAL = 3 };

struct vm_condition {
	const char *field;
	enum vm_match match;
	const char *text; /* for a text field */
	int64_t number;   /* for an integer field */
};

/* All conditions together; ordered by one field, then by id, both in the same direction. */
struct vm_find {
	const struct vm_condition *conditions;
	size_t count;
	const char *order_by; /* an indexed field; documents without it are left out; NULL: by id */
	bool descending;
	uint32_t limit; /* 0: no limit */
	/* Goes on behind this document of the same order; after_id NULL: from the start. */
	const char *after_id;
	const char *after_text;
	int64_t after_number;
};

struct vm_document {
	const char *id;
	uint64_t version;
	const char *json;
	size_t length;
};

typedef enum vm_more vm_document_fn(void *ctx, const struct vm_document *document);

/* [worker thread, blocking, cancellable] None is optional. */
struct vm_meta_ops {
	uint32_t size;
	uint32_t reserved;

	/* Called once, before any other operation: what find will ask for. Idempotent. */
	int (*index)(void *self, const struct vm_field *fields, size_t count,
	             const struct vm_call *call, struct vm_error *err);

	/* The newest document that was put, in full; VM_ERR_NOT_FOUND. */
	int (*get)(void *self, const char *id, struct vm_sink *json, uint64_t *version,
	           const struct vm_call *call, struct vm_error *err);

	/*
	 * Compare-and-set: stores when the document's version is `version` (0: when
	 * there is none) and makes it version + 1; otherwise VM_ERR_CONFLICT and
	 * nothing changes. Durable when it returns VM_OK. After VM_ERR_TIMEOUT or
	 * VM_ERR_UNAVAILABLE it may have happened: get tells.
	 */
	int (*put)(void *self, const char *id, uint64_t version, const char *json, size_t length,
	           const struct vm_call *call, struct vm_error *err);

	/* A document changed meanwhile may be seen before or after, not between. The emit function
	 * must not call operations of the same instance. */
	int (*find)(void *self, const struct vm_find *find, vm_document_fn *emit, void *ctx,
	            const struct vm_call *call, struct vm_error *err);

	/* How many documents the conditions of `find` match; order, limit and after are ignored. */
	int (*count)(void *self, const struct vm_find *find, uint64_t *count,
	             const struct vm_call *call, struct vm_error *err);

	/* VM_ERR_CONFLICT on another version; removing what is not there succeeds. */
	int (*remove)(void *self, const char *id, uint64_t version, const struct vm_call *call,
	              struct vm_error *err);
};

#ifdef __cplusplus
}
#endif

#endif
