/* fields.c - a struct as a JSON object, by one table for both directions. */
#include "video/fields.h"

#include <string.h>

#include "support/json.h"

/* An enum is an unsigned int on every compiler that we build with. */
static unsigned word_number(const void *at)
{
	unsigned number;

	memcpy(&number, at, sizeof number);
	return number;
}

static json_t *count_to_json(uint64_t count)
{
	return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

/* *out stays NULL for what is left out; false: no memory. */
static bool value_to_json(const struct field *field, const void *at, json_t **out)
{
	*out = NULL;
	switch (field->type) {
	case FIELD_TEXT:
		if (*(const char *)at == '\0')
			return true;
		*out = json_text(at, field->size - 1); /* so that it fits again */
		break;
	case FIELD_INT:
		if (*(const int64_t *)at == 0)
			return true;
		*out = json_integer(*(const int64_t *)at);
		break;
	case FIELD_COUNT:
		if (*(const uint64_t *)at == 0)
			return true;
		*out = count_to_json(*(const uint64_t *)at);
		break;
	case FIELD_REAL:
		if (*(const double *)at <= 0 && *(const double *)at >= 0)
			return true;
		*out = json_real(*(const double *)at);
		break;
	case FIELD_BOOL:
		if (!*(const bool *)at)
			return true;
		*out = json_true();
		break;
	case FIELD_WORD:
		if (word_number(at) >= field->size || field->words[word_number(at)] == NULL)
			return true;
		*out = json_string(field->words[word_number(at)]);
		break;
	case FIELD_GROUP:
		*out = fields_to_json(field->group, at);
		if (*out != NULL && json_object_size(*out) == 0) {
			json_decref(*out);
			*out = NULL;
			return true;
		}
		break;
	}
	return *out != NULL;
}

json_t *fields_to_json(const struct field *table, const void *base)
{
	json_t *object = json_object();

	if (object == NULL)
		return NULL;
	for (const struct field *field = table; field->name != NULL; field++) {
		json_t *value;

		if (!value_to_json(field, (const char *)base + field->offset, &value) ||
		    (value != NULL && json_object_set_new(object, field->name, value) != 0)) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static int word_from_json(const struct field *field, const json_t *json, void *at,
                          struct vm_error *err)
{
	unsigned number = 0;
	char word[64];
	int status;

	status = json_get_text(json, field->name, word, sizeof word, err);
	if (status != VM_OK)
		return status;
	if (word[0] != '\0') {
		for (number = 0; number < field->size; number++)
			if (field->words[number] != NULL && strcmp(field->words[number], word) == 0)
				break;
		if (number == field->size)
			return vm_fail(err, VM_ERR_BAD_DATA, "member %s: unknown word \"%s\"", field->name,
			               word);
	}
	memcpy(at, &number, sizeof number);
	return VM_OK;
}

static int real_from_json(const struct field *field, const json_t *json, double *out,
                          struct vm_error *err)
{
	const json_t *value = json_object_get(json, field->name);

	if (value != NULL && !json_is_null(value) && !json_is_number(value))
		return vm_fail(err, VM_ERR_BAD_DATA, "member %s: not a number", field->name);
	*out = json_number_value(value);
	return VM_OK;
}

static int group_from_json(const struct field *field, const json_t *json, void *at,
                           struct vm_error *err)
{
	const json_t *value = json_object_get(json, field->name);

	if (value != NULL && !json_is_null(value) && !json_is_object(value))
		return vm_fail(err, VM_ERR_BAD_DATA, "member %s: not an object", field->name);
	return fields_from_json(field->group, value, at, err);
}

static int value_from_json(const struct field *field, const json_t *json, void *at,
                           struct vm_error *err)
{
	switch (field->type) {
	case FIELD_TEXT:
		return json_get_text(json, field->name, at, field->size, err);
	case FIELD_INT:
		return json_get_int(json, field->name, 0, at, err);
	case FIELD_COUNT:
		return json_get_count(json, field->name, 0, at, err);
	case FIELD_REAL:
		return real_from_json(field, json, at, err);
	case FIELD_BOOL:
		return json_get_bool(json, field->name, false, at, err);
	case FIELD_WORD:
		return word_from_json(field, json, at, err);
	case FIELD_GROUP:
		return group_from_json(field, json, at, err);
	}
	return vm_fail(err, VM_ERR_BUG, "member %s: no such type", field->name);
}

int fields_from_json(const struct field *table, const json_t *json, void *base,
                     struct vm_error *err)
{
	for (const struct field *field = table; field->name != NULL; field++) {
		int status = value_from_json(field, json, (char *)base + field->offset, err);

		if (status != VM_OK)
			return status;
	}
	return VM_OK;
}
