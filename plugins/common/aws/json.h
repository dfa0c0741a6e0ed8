/* json.h - the services that take and give JSON: one action, one object in, one out. */
#ifndef AWS_JSON_H
#define AWS_JSON_H

#include <jansson.h>

#include "aws/client.h"

/* "AmazonSQS" and "1.0": how the actions of a service are named on the wire. (Smithy, awsJson) */
struct aws_json_service {
	const char *prefix;
	const char *version;
	bool once; /* see struct http_request */
};

/*
 * `in` is taken over, even on failure; NULL stands for memory that was not to be
 * had. *out (may be NULL) becomes the caller's, an object, only on VM_OK.
 */
int aws_json(struct aws_client *client, const struct aws_json_service *service, const char *action,
             const char *what, json_t *in, uint64_t patience_ms, json_t **out,
             struct aws_refusal *refusal, const struct vm_call *call, struct vm_error *err);

#endif
