/* buffer.c - bytes that grow by doubling, up to a stated limit. */
#include "support/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static int sink_write(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	return buffer_append((struct buffer *)sink, bytes, length, err);
}

void buffer_init(struct buffer *buffer, size_t most)
{
	*buffer = (struct buffer){.sink.write = sink_write, .most = most};
}

void buffer_finish(struct buffer *buffer)
{
	free(buffer->bytes);
	buffer->bytes = NULL;
	buffer->length = 0;
	buffer->capacity = 0;
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	if (buffer->bytes != NULL)
		buffer->bytes[0] = '\0';
}

/* Makes room for `more` bytes and the NUL behind them. */
static int reserve(struct buffer *buffer, size_t more, struct vm_error *err)
{
	size_t capacity = buffer->capacity;
	char *bytes;

	if (more > buffer->most - buffer->length)
		return vm_fail(err, VM_ERR_LIMIT, "longer than the %zu bytes allowed", buffer->most);
	if (buffer->length + more < capacity)
		return VM_OK;
	if (buffer->length + more >= SIZE_MAX / 2)
		return vm_fail_memory(err);
	if (capacity == 0)
		capacity = FIRST_CAPACITY;
	while (capacity <= buffer->length + more)
		capacity *= 2;

	bytes = realloc(buffer->bytes, capacity);
	if (bytes == NULL)
		return vm_fail_memory(err);
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return VM_OK;
}

int buffer_append(struct buffer *buffer, const void *bytes, size_t length, struct vm_error *err)
{
	int status = reserve(buffer, length, err);

	if (status != VM_OK)
		return status;
	if (length > 0)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
	return VM_OK;
}

int buffer_print(struct buffer *buffer, struct vm_error *err, const char *format, ...)
{
	va_list arguments, again;
	int length, status;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		status = vm_fail(err, VM_ERR_BUG, "a text that cannot be formatted");
	else
		status = reserve(buffer, (size_t)length, err);
	if (status == VM_OK) {
		vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
	va_end(arguments);
	return status;
}
