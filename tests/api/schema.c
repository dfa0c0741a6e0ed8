/* schema.c - checks a JSON value against a schema. */
#include "schema.h"

#include <stdio.h>
#include <string.h>

struct check {
	json_t *document;
	char *why;
	size_t size;
};

static bool check_value(struct check *check, json_t *schema, json_t *value, const char *where);

json_t *schema_resolve(json_t *document, json_t *object)
{
	const char *path = json_string_value(json_object_get(object, "$ref"));
	json_t *found = document;

	if (path == NULL)
		return object;
	if (strncmp(path, "#/", 2) != 0)
		return NULL;
	for (path += 2; found != NULL && *path != '\0'; path += *path == '/') {
		char name[128];
		size_t length = strcspn(path, "/");

		snprintf(name, sizeof name, "%.*s", (int)length, path);
		found = json_object_get(found, name);
		path += length;
	}
	return found;
}

static bool is_wrong(struct check *check, const char *where, const char *what, const char *name)
{
	snprintf(check->why, check->size, "%s: %s%s", where, what, name);
	return false;
}

static bool has_type(json_t *value, const char *type)
{
	static const char *const names[] = {
	    [JSON_OBJECT] = "object", [JSON_ARRAY] = "array",     [JSON_STRING] = "string",
	    [JSON_REAL] = "number",   [JSON_INTEGER] = "integer", [JSON_TRUE] = "boolean",
	    [JSON_FALSE] = "boolean", [JSON_NULL] = "null",
	};

	return strcmp(type, names[json_typeof(value)]) == 0 ||
	       (strcmp(type, "number") == 0 && json_is_integer(value));
}

static bool check_type(struct check *check, json_t *types, json_t *value, const char *where)
{
	json_t *type;
	size_t i;

	if (json_is_string(types) && has_type(value, json_string_value(types)))
		return true;
	json_array_foreach(types, i, type) if (has_type(value, json_string_value(type))) return true;
	return is_wrong(check, where, "has another type", "");
}

static bool check_enum(struct check *check, json_t *words, json_t *value, const char *where)
{
	json_t *word;
	size_t i;

	json_array_foreach(words, i, word) if (json_equal(word, value)) return true;
	return is_wrong(check, where, "is none of the words: ", json_string_value(value));
}

static bool check_required(struct check *check, json_t *names, json_t *value, const char *where)
{
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) if (json_object_get(value, json_string_value(name)) ==
	                                       NULL) return is_wrong(check, where, "is without ",
	                                                             json_string_value(name));
	return true;
}

static bool check_members(struct check *check, json_t *schema, json_t *value, const char *where)
{
	json_t *properties = json_object_get(schema, "properties");
	json_t *others = json_object_get(schema, "additionalProperties");
	const char *name;
	json_t *member;

	json_object_foreach(value, name, member)
	{
		json_t *known = json_object_get(properties, name);
		char below[256];

		snprintf(below, sizeof below, "%s.%s", where, name);
		if (known == NULL && json_is_false(others))
			return is_wrong(check, where, "has a member that is not described: ", name);
		if (known == NULL && json_is_object(others))
			known = others;
		if (known != NULL && !check_value(check, known, member, below))
			return false;
	}
	return true;
}

static bool check_items(struct check *check, json_t *items, json_t *value, const char *where)
{
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
	{
		char below[256];

		snprintf(below, sizeof below, "%s[%zu]", where, i);
		if (!check_value(check, items, item, below))
			return false;
	}
	return true;
}

static bool check_minimum(struct check *check, json_t *minimum, json_t *value, const char *where)
{
	if (json_is_number(value) && json_number_value(value) < json_number_value(minimum))
		return is_wrong(check, where, "is too small", "");
	return true;
}

static bool check_value(struct check *check, json_t *schema, json_t *value, const char *where)
{
	const char *keyword;
	json_t *rule;
	bool is_right = true;

	schema = schema_resolve(check->document, schema);
	if (schema == NULL)
		return is_wrong(check, where, "has a reference to nothing", "");
	json_object_foreach(schema, keyword, rule)
	{
		if (strcmp(keyword, "type") == 0)
			is_right = check_type(check, rule, value, where);
		else if (strcmp(keyword, "enum") == 0)
			is_right = check_enum(check, rule, value, where);
		else if (strcmp(keyword, "required") == 0)
			is_right = check_required(check, rule, value, where);
		else if (strcmp(keyword, "properties") == 0)
			is_right = check_members(check, schema, value, where);
		else if (strcmp(keyword, "items") == 0)
			is_right = check_items(check, rule, value, where);
		else if (strcmp(keyword, "minimum") == 0)
			is_right = check_minimum(check, rule, value, where);
		else if (strcmp(keyword, "additionalProperties") == 0)
			is_right = check_members(check, schema, value, where);
		else if (strcmp(keyword, "description") != 0)
			is_right = is_wrong(check, where, "has a rule that nobody checks: ", keyword);
		if (!is_right)
			return false;
	}
	return true;
}

bool schema_check(json_t *document, json_t *schema, json_t *value, const char *where, char *why,
                  size_t size)
{
	struct check check = {.document = document, .why = why, .size = size};

	return check_value(&check, schema, value, where);
}
