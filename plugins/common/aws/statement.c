/* statement.c - statements of IAM policies. */
#include "aws/statement.h"

#include <stdlib.h>

static json_t *strings(const char *const *items)
{
	json_t *array = json_array();

	for (; *items != NULL; items++)
		json_array_append_new(array, json_string(*items));
	return array;
}

int aws_statement_say(const struct aws_statement *statement, vm_say_fn *say, void *ctx,
                      struct vm_error *err)
{
	json_t *root = json_pack("{s:s, s:s, s:o, s:o}", "Sid", statement->id, "Effect", "Allow",
	                         "Action", strings(statement->actions), "Resource",
	                         strings(statement->resources));
	char *text;

	if (root != NULL && statement->condition != NULL)
		json_object_set_new(
		    root, "Condition",
		    json_pack("{s:{s:s}}", statement->condition, statement->key, statement->value));
	text = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;
	json_decref(root);
	if (text == NULL)
		return vm_fail_memory(err);
	say(ctx, text);
	free(text);
	return VM_OK;
}
