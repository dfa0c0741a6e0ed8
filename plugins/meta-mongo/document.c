/* document.c - what was put, as a document of MongoDB: the text, and the fields in it. */
#include <jansson.h>
#include <string.h>

#include "mongo.h"

/* A dot goes down into a document, and a dollar begins an operator. */
static bool is_plain(const char *name)
{
	return name[0] != '\0' && strpbrk(name, ".$") == NULL;
}

static bool add_field(bson_t *fields, const char *name, const json_t *value)
{
	if (json_is_integer(value))
		return bson_append_int64(fields, name, -1, json_integer_value(value));
	if (json_is_string(value))
		return bson_append_utf8(fields, name, -1, json_string_value(value),
		                        (int)json_string_length(value));
	return true;
}

int mongo_document(const char *id, uint64_t version, const char *json, size_t length, bson_t *out,
                   struct vm_error *err)
{
	json_t *root = json_loadb(json, length, JSON_ALLOW_NUL, NULL), *value;
	bson_t fields;
	const char *name;
	bool made;

	if (!json_is_object(root)) {
		json_decref(root);
		return vm_fail(err, VM_ERR_BAD_DATA, "put %s: the document is no JSON object", id);
	}
	made = bson_append_utf8(out, "_id", -1, id, -1) &&
	       bson_append_int64(out, "version", -1, (int64_t)version) &&
	       bson_append_document_begin(out, "fields", -1, &fields);
	json_object_foreach(root, name, value) if (made && is_plain(name))
	    made = add_field(&fields, name, value);
	made = made && bson_append_document_end(out, &fields) &&
	       bson_append_utf8(out, "json", -1, json, (int)length);
	json_decref(root);
	return made ? VM_OK
	            : vm_fail(err, VM_ERR_LIMIT, "put %s: a document of %zu bytes is too large", id,
	                      length);
}
