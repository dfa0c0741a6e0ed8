/* schema.h - the part of JSON Schema that docs/openapi.json is written in. */
#ifndef TESTS_API_SCHEMA_H
#define TESTS_API_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The object itself, or what its "$ref" into `document` names; NULL when that is nothing. */
json_t *schema_resolve(json_t *document, json_t *object);

/*
 * False when `value` is not what `schema` describes; `why` says where and what. A
 * keyword of the schema that is not understood here is an error as well, so that
 * nothing is written there that nobody checks.
 */
bool schema_check(json_t *document, json_t *schema, json_t *value, const char *where, char *why,
                  size_t size);

#endif
