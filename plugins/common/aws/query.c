/* query.c - percent-encoding, and parameters in the order of their signature. */
#include "aws/query.h"

#include <stdlib.h>
#include <string.h>

static bool is_plain(unsigned char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

int aws_encode(struct kit_buffer *out, const char *text, size_t length, bool slashes,
               struct vm_error *err)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		const char coded[] = {'%', digits[byte >> 4], digits[byte & 15]};
		bool plain = is_plain(byte) || (slashes && byte == '/');
		int status = kit_buffer_append(out, plain ? text + i : coded, plain ? 1 : 3, err);

		if (status != VM_OK)
			return status;
	}
	return VM_OK;
}

void aws_query_finish(struct aws_query *query)
{
	for (size_t i = 0; i < query->count; i++) {
		free(query->items[i].name);
		free(query->items[i].value);
	}
	free(query->items);
	*query = (struct aws_query){0};
}

static int encoded(const char *text, char **out, struct vm_error *err)
{
	struct kit_buffer buffer;
	int status;

	kit_buffer_init(&buffer, SIZE_MAX / 2);
	status = aws_encode(&buffer, text, strlen(text), false, err);
	if (status == VM_OK)
		status = kit_buffer_append(&buffer, "", 0, err);
	if (status == VM_OK && (*out = strdup(buffer.bytes != NULL ? buffer.bytes : "")) == NULL)
		status = vm_fail_memory(err);
	kit_buffer_finish(&buffer);
	return status;
}

int aws_query_add(struct aws_query *query, const char *name, const char *value,
                  struct vm_error *err)
{
	struct aws_parameter item = {0};
	int status;

	if (query->count == query->capacity) {
		size_t capacity = query->capacity == 0 ? 8 : query->capacity * 2;
		struct aws_parameter *items = realloc(query->items, capacity * sizeof *items);

		if (items == NULL)
			return vm_fail_memory(err);
		query->items = items;
		query->capacity = capacity;
	}
	if ((status = encoded(name, &item.name, err)) != VM_OK ||
	    (status = encoded(value, &item.value, err)) != VM_OK) {
		free(item.name);
		return status;
	}
	query->items[query->count++] = item;
	return VM_OK;
}

static int by_name_and_value(const void *left, const void *right)
{
	const struct aws_parameter *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : strcmp(a->value, b->value);
}

int aws_query_write(struct aws_query *query, struct kit_buffer *out, struct vm_error *err)
{
	int status = VM_OK;

	if (query->count > 0)
		qsort(query->items, query->count, sizeof *query->items, by_name_and_value);
	for (size_t i = 0; i < query->count && status == VM_OK; i++)
		status = kit_buffer_print(out, err, "%s%s=%s", i > 0 ? "&" : "", query->items[i].name,
		                          query->items[i].value);
	return status;
}
