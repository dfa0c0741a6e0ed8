/* buffer.h - bytes that grow, and the sink that fills them. */
#ifndef SUPPORT_BUFFER_H
#define SUPPORT_BUFFER_H

#include <vidmill/stream.h>

/*
 * A zeroed buffer is an empty one. `bytes` is NUL-terminated behind `length`
 * whenever it is not NULL, so that text can be read in place. [one thread]
 */
struct buffer {
	struct vm_sink sink; /* set by buffer_init: appends, up to `most` bytes */
	char *bytes;
	size_t length;
	size_t capacity;
	size_t most; /* more is VM_ERR_LIMIT */
};

void buffer_init(struct buffer *buffer, size_t most);
void buffer_finish(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);

int buffer_append(struct buffer *buffer, const void *bytes, size_t length, struct vm_error *err);
int buffer_print(struct buffer *buffer, struct vm_error *err, const char *format, ...)
    VM_PRINTF(3, 4);

#endif
