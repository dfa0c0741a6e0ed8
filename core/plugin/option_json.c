/* option_json.c - an option table as JSON, for programs. */
#include "plugin/option_print.h"

#include "plugin/option_value.h"

/*
 * Steals `value`. jansson's *_new functions accept NULL and then fail, so that
 * one `bool` carries every failure to the end.
 */
static bool set(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0;
}

static bool set_text(json_t *object, const char *name, const char *text)
{
	return text == NULL || set(object, name, json_string(text));
}

static json_t *choices_to_json(const char *const *choices)
{
	json_t *array = json_array();

	for (; array != NULL && *choices != NULL; choices++) {
		if (json_array_append_new(array, json_string(*choices)) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *row_to_json(const struct vm_option *row)
{
	json_t *object = json_object();
	bool ok = set_text(object, "name", row->name) &&
	          set_text(object, "type", option_type_name(row->type)) &&
	          set(object, "required", json_boolean((row->flags & VM_REQUIRED) != 0)) &&
	          set(object, "secret", json_boolean((row->flags & VM_SECRET) != 0)) &&
	          set(object, "unique", json_boolean((row->flags & VM_UNIQUE) != 0)) &&
	          set(object, "deprecated", json_boolean((row->flags & VM_DEPRECATED) != 0)) &&
	          set_text(object, "default", row->fallback);

	if (option_has_range(row)) {
		ok = ok && set(object, "min", json_integer(row->min));
		if (option_has_max(row))
			ok = ok && set(object, "max", json_integer(row->max));
	}
	if (row->choices != NULL)
		ok = ok && set(object, "choices", choices_to_json(row->choices));
	if (row->type == VM_OPTION_GROUPS)
		ok = ok && set(object, "options", option_to_json(row->group));
	ok = ok && set_text(object, "doc", row->doc);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

json_t *option_to_json(const struct vm_option *table)
{
	json_t *array = json_array();

	for (; array != NULL && table->name != NULL; table++) {
		if (json_array_append_new(array, row_to_json(table)) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}
