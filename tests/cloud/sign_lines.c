/* sign_lines.c - signs requests, a line of JSON each, for test_signing.py to compare. */
#include <stdio.h>
#include <stdlib.h>

#include "unit/aws/sign_json.h"

int main(void)
{
	char *line = NULL;
	size_t capacity = 0;
	int status = EXIT_SUCCESS;

	while (status == EXIT_SUCCESS && getline(&line, &capacity, stdin) > 0) {
		json_t *request = json_loads(line, 0, NULL);
		json_t *answer = sign_json(request);
		char *text = answer != NULL ? json_dumps(answer, JSON_COMPACT) : NULL;

		/* A refusal is an answer, too: that of no signature. */
		if (puts(text != NULL ? text : "null") == EOF)
			status = EXIT_FAILURE;
		free(text);
		json_decref(answer);
		json_decref(request);
	}
	free(line);
	return status;
}
