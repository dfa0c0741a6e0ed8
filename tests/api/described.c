/* described.c - docs/openapi.json, and answers held to it. */
#include "described.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema.h"

static json_t *document;

void described_load(void)
{
	json_error_t error;

	document = json_load_file(getenv("OPENAPI"), JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(document != NULL, "%s:%d: %s", getenv("OPENAPI"), error.line, error.text);
}

void described_unload(void)
{
	json_decref(document);
}

bool each_operation(operation_fn *each, void *ctx)
{
	const char *path, *method;
	json_t *methods, *json;

	json_object_foreach(json_object_get(document, "paths"), path, methods)
	{
		json_object_foreach(methods, method, json)
		{
			struct operation operation = {
			    .json = json, .id = json_string_value(json_object_get(json, "operationId"))};

			snprintf(operation.path, sizeof operation.path, "%s", path);
			for (size_t i = 0; method[i] != '\0' && i + 1 < sizeof operation.method; i++)
				operation.method[i] = (char)toupper((unsigned char)method[i]);
			if (each(ctx, &operation))
				return true;
		}
	}
	return false;
}

struct wanted {
	const char *id;
	struct operation found;
};

static bool has_id(void *ctx, const struct operation *operation)
{
	struct wanted *wanted = ctx;

	if (strcmp(operation->id, wanted->id) != 0)
		return false;
	wanted->found = *operation;
	return true;
}

struct operation find_operation(const char *id)
{
	struct wanted wanted = {.id = id};

	ck_assert_msg(each_operation(has_id, &wanted), "no operation %s in the document", id);
	return wanted.found;
}

bool operation_has_status(const struct operation *operation, int status)
{
	char text[16];

	snprintf(text, sizeof text, "%d", status);
	return json_object_get(json_object_get(operation->json, "responses"), text) != NULL;
}

bool operation_takes_json(const struct operation *operation)
{
	json_t *body = json_object_get(operation->json, "requestBody");

	return json_object_get(json_object_get(body, "content"), "application/json") != NULL;
}

static void check_headers(json_t *answer, const struct wire_answer *got, const char *where)
{
	const char *header;
	json_t *about;

	json_object_foreach(json_object_get(answer, "headers"), header, about) ck_assert_msg(
	    !json_is_true(json_object_get(about, "required")) || wire_header(got, header)[0] != '\0',
	    "%s: no header %s", where, header);
}

/* The schema of the body; NULL: there is none to be. The media type must be described. */
static json_t *find_schema(json_t *answer, const struct wire_answer *got, const char *where,
                           char type[64])
{
	json_t *content = json_object_get(answer, "content");
	json_t *media;

	snprintf(type, 64, "%s", wire_header(got, "Content-Type"));
	type[strcspn(type, ";")] = '\0';
	if (content == NULL) {
		ck_assert_msg(got->length == 0, "%s: a body that is not described: %s", where, got->body);
		return NULL;
	}
	media = json_object_get(content, type);
	if (media == NULL)
		media = json_object_get(content, "*/*");
	ck_assert_msg(media != NULL, "%s: \"%s\" is not described", where, type);
	return json_object_get(media, "schema");
}

void check_answer(const struct operation *operation, const struct wire_answer *got)
{
	json_t *answers = json_object_get(operation->json, "responses");
	json_t *answer, *schema;
	char status[16], type[64], why[512], where[128];
	json_t *body;

	snprintf(status, sizeof status, "%d", got->status);
	snprintf(where, sizeof where, "%s %s", operation->id, status);
	answer = schema_resolve(document, json_object_get(answers, status));
	ck_assert_msg(answer != NULL, "%s: status %s is not described", where, status);
	check_headers(answer, got, where);
	schema = find_schema(answer, got, where, type);
	if (strcmp(type, "text/event-stream") == 0)
		schema = json_object_get(
		    json_object_get(json_object_get(document, "components"), "schemas"), "Video");
	else if (strstr(type, "json") == NULL)
		return;
	body = json_loads(got->body, 0, NULL);
	ck_assert_msg(body != NULL, "%s: no JSON: %s", where, got->body);
	ck_assert_msg(schema_check(document, schema, body, "body", why, sizeof why), "%s: %s: %s",
	              where, why, got->body);
	json_decref(body);
}
