/* described.h - docs/openapi.json, and answers held to it. */
#ifndef TESTS_API_DESCRIBED_H
#define TESTS_API_DESCRIBED_H

#include <jansson.h>
#include <stdbool.h>

#include "wire.h"

/* The document that $OPENAPI names. */
void described_load(void);
void described_unload(void);

/* An operation of the document, with where it stands. */
struct operation {
	json_t *json;
	const char *id;
	char method[16];
	char path[128];
};

/* Stops where `each` says true. */
typedef bool operation_fn(void *ctx, const struct operation *operation);
bool each_operation(operation_fn *each, void *ctx);

/* The test fails when there is none. */
struct operation find_operation(const char *id);

bool operation_has_status(const struct operation *operation, int status);
/* Its body is JSON, not a source. */
bool operation_takes_json(const struct operation *operation);

/* The answer must be described, and be as it is described. */
void check_answer(const struct operation *operation, const struct wire_answer *got);

#endif
