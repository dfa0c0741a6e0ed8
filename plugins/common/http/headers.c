/* headers.c - header lines in a list, one allocation each. */
#include "http/headers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINES_MOST 256
#define BYTES_MOST (256 << 10)

void http_headers_finish(struct http_headers *headers)
{
	for (size_t i = 0; i < headers->count; i++)
		free(headers->items[i].name);
	free(headers->items);
	*headers = (struct http_headers){0};
}

static bool ends_a_line(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == '\0')
			return true;
	return false;
}

static int reserve(struct http_headers *headers, size_t bytes, struct vm_error *err)
{
	size_t capacity = headers->capacity == 0 ? 16 : headers->capacity * 2;
	struct http_header *items;

	if (headers->count == LINES_MOST || bytes > BYTES_MOST - headers->bytes)
		return vm_fail(err, VM_ERR_LIMIT, "more than %d header lines or %d bytes of them",
		               LINES_MOST, BYTES_MOST);
	if (headers->count < headers->capacity)
		return VM_OK;
	items = realloc(headers->items, capacity * sizeof *items);
	if (items == NULL)
		return vm_fail_memory(err);
	headers->items = items;
	headers->capacity = capacity;
	return VM_OK;
}

int http_headers_add_bytes(struct http_headers *headers, struct vm_error *err, const char *name,
                           size_t name_length, const char *value, size_t value_length)
{
	struct http_header *item;
	char *text;
	int status;

	if (ends_a_line(name, name_length) || ends_a_line(value, value_length))
		return vm_fail(err, VM_ERR_BAD_DATA, "a header with a line break in it");
	if (name_length > BYTES_MOST || value_length > BYTES_MOST)
		return vm_fail(err, VM_ERR_LIMIT, "a header of more than %d bytes", BYTES_MOST);
	if ((status = reserve(headers, name_length + value_length, err)) != VM_OK)
		return status;
	text = malloc(name_length + value_length + 2);
	if (text == NULL)
		return vm_fail_memory(err);
	for (size_t i = 0; i < name_length; i++)
		text[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]);
	text[name_length] = '\0';
	memcpy(text + name_length + 1, value, value_length);
	text[name_length + 1 + value_length] = '\0';
	item = &headers->items[headers->count++];
	*item = (struct http_header){.name = text, .value = text + name_length + 1};
	headers->bytes += name_length + value_length;
	return VM_OK;
}

int http_headers_add(struct http_headers *headers, struct vm_error *err, const char *name,
                     const char *format, ...)
{
	va_list arguments;
	char *value;
	int length, status;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	value = length < 0 ? NULL : malloc((size_t)length + 1);
	if (value == NULL)
		return vm_fail_memory(err);
	va_start(arguments, format);
	vsnprintf(value, (size_t)length + 1, format, arguments);
	va_end(arguments);
	status = http_headers_add_bytes(headers, err, name, strlen(name), value, (size_t)length);
	free(value);
	return status;
}

const char *http_headers_find(const struct http_headers *headers, const char *name)
{
	for (size_t i = 0; i < headers->count; i++)
		if (strcasecmp(headers->items[i].name, name) == 0)
			return headers->items[i].value;
	return NULL;
}
