/* statement.h - statements of IAM policies, one line of JSON each. */
#ifndef AWS_STATEMENT_H
#define AWS_STATEMENT_H

#include <jansson.h>
#include <vidmill/plugin.h>

struct aws_statement {
	const char *id;               /* letters and digits */
	const char *const *actions;   /* ended by NULL */
	const char *const *resources; /* ended by NULL */
	/* A condition "StringEquals"/"ArnEquals" of one key; NULL: none. */
	const char *condition, *key, *value;
};

int aws_statement_say(const struct aws_statement *statement, vm_say_fn *say, void *ctx,
                      struct vm_error *err);

#endif
