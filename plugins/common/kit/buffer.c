/* buffer.c - bytes that grow by doubling, up to a stated limit. */
#include "kit/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static int sink_write(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	return kit_buffer_append((struct kit_buffer *)sink, bytes, length, err);
}

void kit_buffer_init(struct kit_buffer *buffer, size_t most)
{
	*buffer = (struct kit_buffer){.sink.write = sink_write, .most = most};
}

void kit_buffer_finish(struct kit_buffer *buffer)
{
	free(buffer->bytes);
	buffer->bytes = NULL;
	buffer->length = 0;
	buffer->capacity = 0;
}

void kit_buffer_clear(struct kit_buffer *buffer)
{
	buffer->length = 0;
	if (buffer->bytes != NULL)
		buffer->bytes[0] = '\0';
}

/* Makes room for `more` bytes and the NUL behind them. */
static int reserve(struct kit_buffer *buffer, size_t more, struct vm_error *err)
{
	size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
	char *bytes;

	if (more > buffer->most - buffer->length)
		return vm_fail(err, VM_ERR_LIMIT, "longer than the %zu bytes allowed", buffer->most);
	while (capacity - buffer->length <= more) {
		if (capacity > SIZE_MAX / 2)
			return vm_fail_memory(err);
		capacity *= 2;
	}
	if (capacity == buffer->capacity)
		return VM_OK;
	bytes = realloc(buffer->bytes, capacity);
	if (bytes == NULL)
		return vm_fail_memory(err);
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return VM_OK;
}

int kit_buffer_append(struct kit_buffer *buffer, const void *bytes, size_t length,
                      struct vm_error *err)
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

int kit_buffer_print(struct kit_buffer *buffer, struct vm_error *err, const char *format, ...)
{
	va_list arguments;
	int length, status;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return vm_fail(err, VM_ERR_BUG, "a format that cannot be printed");
	status = reserve(buffer, (size_t)length, err);
	if (status != VM_OK)
		return status;
	va_start(arguments, format);
	vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
	return VM_OK;
}
