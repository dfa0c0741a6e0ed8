/* buffer.h - bytes that grow, and the sink that fills them. */
#ifndef KIT_BUFFER_H
#define KIT_BUFFER_H

#include <vidmill/stream.h>

/*
 * `bytes` is NUL-terminated behind `length` whenever it is not NULL, so that
 * text can be read in place. [one thread]
 */
struct kit_buffer {
	struct vm_sink sink; /* appends: buffer.sink.write(&buffer.sink, …) */
	char *bytes;
	size_t length;
	size_t capacity;
	size_t most; /* more is VM_ERR_LIMIT */
};

void kit_buffer_init(struct kit_buffer *buffer, size_t most);
void kit_buffer_finish(
    struct kit_buffer *buffer);                   /* also of a zeroed one; empty and usable again */
void kit_buffer_clear(struct kit_buffer *buffer); /* keeps the memory */

/* What fails leaves the buffer as it was. */
int kit_buffer_append(struct kit_buffer *buffer, const void *bytes, size_t length,
                      struct vm_error *err);
int kit_buffer_print(struct kit_buffer *buffer, struct vm_error *err, const char *format, ...)
    VM_PRINTF(3, 4);

#endif
