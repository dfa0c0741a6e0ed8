/* json.c - reading and writing JSON by jansson. */
#include "support/json.h"

#include <stdlib.h>
#include <string.h>

#include "support/escape.h"
#include "support/json_memory.h"

static int bad_member(struct vm_error *err, const char *name, const char *what)
{
	return vm_fail(err, VM_ERR_BAD_DATA, "member %s: %s", name, what);
}

int json_read_object(const char *text, size_t length, json_t **out, struct vm_error *err)
{
	json_error_t error;
	const char *quote;
	json_t *value;

	json_memory_watch();
	value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL && json_memory_failed())
		return vm_fail_memory(err);
	if (value == NULL) {
		/* Jansson quotes the text behind "near"; it may be a ticket, so it is left out. */
		quote = strstr(error.text, " near ");
		return vm_fail(err, VM_ERR_BAD_DATA, "no JSON object: line %d, column %d: %.*s", error.line,
		               error.column,
		               (int)(quote != NULL ? (size_t)(quote - error.text) : strlen(error.text)),
		               error.text);
	}
	if (!json_is_object(value)) {
		json_decref(value);
		return vm_fail(err, VM_ERR_BAD_DATA, "no JSON object: an array");
	}
	*out = value;
	return VM_OK;
}

/* NULL when the member is absent or null. */
static const json_t *find_member(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_null(value) ? NULL : value;
}

int json_get_text(const json_t *object, const char *name, char *text, size_t size,
                  struct vm_error *err)
{
	const json_t *value = find_member(object, name);
	size_t length;

	if (value == NULL) {
		text[0] = '\0';
		return VM_OK;
	}
	if (!json_is_string(value))
		return bad_member(err, name, "not a string");
	length = json_string_length(value);
	if (length >= size)
		return vm_fail(err, VM_ERR_BAD_DATA, "member %s: longer than %zu bytes", name, size - 1);
	memcpy(text, json_string_value(value), length + 1);
	return VM_OK;
}

int json_get_int(const json_t *object, const char *name, int64_t fallback, int64_t *out,
                 struct vm_error *err)
{
	const json_t *value = find_member(object, name);

	if (value != NULL && !json_is_integer(value))
		return bad_member(err, name, "not an integer");
	*out = value != NULL ? (int64_t)json_integer_value(value) : fallback;
	return VM_OK;
}

int json_get_count(const json_t *object, const char *name, uint64_t fallback, uint64_t *out,
                   struct vm_error *err)
{
	const json_t *value = find_member(object, name);

	if (value != NULL && !json_is_integer(value))
		return bad_member(err, name, "not an integer");
	if (value != NULL && json_integer_value(value) < 0)
		return bad_member(err, name, "negative");
	*out = value != NULL ? (uint64_t)json_integer_value(value) : fallback;
	return VM_OK;
}

int json_get_bool(const json_t *object, const char *name, bool fallback, bool *out,
                  struct vm_error *err)
{
	const json_t *value = find_member(object, name);

	if (value != NULL && !json_is_boolean(value))
		return bad_member(err, name, "neither true nor false");
	*out = value != NULL ? json_is_true(value) : fallback;
	return VM_OK;
}

static json_t *escaped_text(const char *text, size_t most)
{
	size_t left = strlen(text), length = 0, written;
	char *escaped = malloc(left * ESCAPE_MAX + 1);
	json_t *value;

	if (escaped == NULL)
		return NULL;
	while (left > 0) {
		size_t read = escape_next(text, left, false, escaped + length, &written);

		if (written > most - length)
			break;
		length += written;
		text += read;
		left -= read;
	}
	value = json_stringn(escaped, length);
	free(escaped);
	return value;
}

json_t *json_text(const char *text, size_t most)
{
	json_t *value = json_string(text);

	return value != NULL ? value : escaped_text(text, most);
}

char *json_write(const json_t *value)
{
	return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
}
