/* json.c - one action of a JSON service. */
#include "aws/json.h"

#include <stdlib.h>
#include <string.h>

static int add_headers(struct http_headers *headers, const struct aws_json_service *service,
                       const char *action, struct vm_error *err)
{
	int status = http_headers_add(headers, err, "content-type", "application/x-amz-json-%s",
	                              service->version);

	if (status == VM_OK)
		status = http_headers_add(headers, err, "x-amz-target", "%s.%s", service->prefix, action);
	return status;
}

/* Of an answer that nobody needs: none is as good. */
static int read_answer(const struct http_answer *answer, const char *what, json_t **out,
                       struct vm_error *err)
{
	struct aws_refusal refusal;
	json_t *root;

	if (out == NULL && answer->body.length == 0)
		return VM_OK;
	root = json_loadb(answer->body.bytes != NULL ? answer->body.bytes : "", answer->body.length, 0,
	                  NULL);
	/* Done, but by a service that does not say what: asking again is what is left. */
	if (!json_is_object(root)) {
		json_decref(root);
		return vm_fail(err, VM_ERR_TIMEOUT, "%s: the answer is no JSON object", what);
	}
	if (json_object_get(root, "__type") != NULL) {
		json_decref(root);
		aws_refusal_read(answer, &refusal);
		return aws_refusal_fail(&refusal, answer, what, err);
	}
	if (out != NULL)
		*out = root;
	else
		json_decref(root);
	return VM_OK;
}

int aws_json(struct aws_client *client, const struct aws_json_service *service, const char *action,
             const char *what, json_t *in, uint64_t patience_ms, json_t **out,
             struct aws_refusal *refusal, const struct vm_call *call, struct vm_error *err)
{
	struct http_headers headers = {0};
	struct http_answer answer = {0};
	char *body = in != NULL ? json_dumps(in, JSON_COMPACT) : NULL;
	struct aws_request request = {.what = what,
	                              .method = "POST",
	                              .headers = &headers,
	                              .body = body,
	                              .length = body != NULL ? strlen(body) : 0,
	                              .patience_ms = patience_ms,
	                              .once = service->once};
	int status = body == NULL ? vm_fail_memory(err) : add_headers(&headers, service, action, err);

	json_decref(in);
	if (status == VM_OK)
		status = aws_send(client, &request, &answer, refusal, call, err);
	if (status == VM_OK)
		status = read_answer(&answer, what, out, err);
	http_answer_finish(&answer);
	http_headers_finish(&headers);
	free(body);
	return status;
}
