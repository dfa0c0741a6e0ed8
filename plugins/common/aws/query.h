/* query.h - the parameters of a request, and how AWS wants names and paths to be written. */
#ifndef AWS_QUERY_H
#define AWS_QUERY_H

#include "kit/buffer.h"

/*
 * Appends `text` percent-encoded: all but A-Z a-z 0-9 - . _ ~, and '/' when
 * `slashes` is true. (AWS API Reference, "Create a signed AWS API request", UriEncode)
 */
int aws_encode(struct kit_buffer *out, const char *text, size_t length, bool slashes,
               struct vm_error *err);

/* One parameter, both halves encoded. */
struct aws_parameter {
	char *name;
	char *value;
};

/* Zeroed is empty. [one thread] */
struct aws_query {
	struct aws_parameter *items;
	size_t count, capacity;
};

void aws_query_finish(struct aws_query *query); /* also of a zeroed one */

/* Takes both as they are meant, and encodes them. */
int aws_query_add(struct aws_query *query, const char *name, const char *value,
                  struct vm_error *err);

/* "a=1&b=", in the order in which it is signed: by name, then by value. Reorders the query. */
int aws_query_write(struct aws_query *query, struct kit_buffer *out, struct vm_error *err);

#endif
