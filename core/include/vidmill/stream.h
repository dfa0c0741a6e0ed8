/* stream.h - how bytes and lists cross the ABI: always through something of the caller's. */
#ifndef VIDMILL_STREAM_H
#define VIDMILL_STREAM_H

#include <vidmill/host.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Nothing allocated on one side is freed on the other. What has no fixed size
 * goes into the caller's sink; lists go through an emit function, once for each
 * item. What is handed to either is borrowed for that call.
 */
struct vm_sink {
	/* Appends. A status other than VM_OK must be returned by the operation unchanged. */
	int (*write)(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err);
};

/* What an emit function answers. */
enum vm_more { VM_STOP = 0, VM_MORE = 1 };

/* A seekable source of a fixed length. [any thread] unless its owner says otherwise. */
struct vm_source {
	uint64_t bytes; /* its whole length */
	/*
	 * Reads up to `length` bytes at `offset` and sets *got, which is less than
	 * `length` only at the end of the source, and 0 at or behind it.
	 */
	int (*read_at)(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
	               size_t *got, const struct vm_call *call, struct vm_error *err);
};

#ifdef __cplusplus
}
#endif

#endif
