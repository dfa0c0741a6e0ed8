/* form.c - one action of a service that takes a form. */
#include "aws/form.h"

#include <stdio.h>
#include <string.h>

#include "aws/endpoint.h"

int aws_form(struct aws_client *client, const char *action, const char *version, const char *what,
             struct aws_query *form, xmlDoc **out, const struct vm_call *call, struct vm_error *err)
{
	struct http_headers headers = {0};
	struct http_answer answer = {0};
	struct aws_request request = {.what = what, .method = "POST", .headers = &headers};
	struct kit_buffer body;
	xmlDoc *document;
	int status;

	kit_buffer_init(&body, SIZE_MAX / 2);
	if ((status = aws_query_add(form, "Action", action, err)) != VM_OK ||
	    (status = aws_query_add(form, "Version", version, err)) != VM_OK ||
	    (status = aws_query_write(form, &body, err)) != VM_OK ||
	    (status = http_headers_add(&headers, err, "content-type",
	                               "application/x-www-form-urlencoded")) != VM_OK)
		goto fail;
	request.body = body.bytes;
	request.length = body.length;
	status = aws_send(client, &request, &answer, NULL, call, err);
	if (status != VM_OK || out == NULL)
		goto fail;
	document = aws_xml_read(answer.body.bytes, answer.body.length);
	if (document == NULL)
		status = vm_fail(err, VM_ERR_TIMEOUT, "%s: the answer is no XML", what);
	else
		*out = document;

fail:
	kit_buffer_finish(&body);
	http_answer_finish(&answer);
	http_headers_finish(&headers);
	return status;
}

int aws_account(const struct aws_config *config, const struct vm_host *host,
                char account[AWS_ACCOUNT_MAX], const struct vm_call *call, struct vm_error *err)
{
	static const struct aws_service sts = {.name = "sts"};
	struct aws_client *client = NULL;
	struct aws_query form = {0};
	xmlDoc *document = NULL;
	const xmlNode *result;
	struct vm_error why;
	int status = aws_client_create(&sts, config, host, &client, &why);

	if (status == VM_OK)
		status = aws_form(client, "GetCallerIdentity", "2011-06-15", "find the account", &form,
		                  &document, call, &why);
	if (status == VM_OK) {
		result = aws_xml_child(xmlDocGetRootElement(document), "GetCallerIdentityResult");
		if (!aws_xml_text(result, "Account", account, AWS_ACCOUNT_MAX))
			status = vm_fail(&why, VM_ERR_UNAVAILABLE, "find the account: an answer without it");
	}
	/* Another service without accounts: this is what such services write in their ARNs. */
	if (status == VM_ERR_UNSUPPORTED && config->endpoint != NULL) {
		snprintf(account, AWS_ACCOUNT_MAX, "%s", "000000000000");
		status = VM_OK;
	}
	if (status != VM_OK && err != NULL)
		*err = why;
	xmlFreeDoc(document);
	aws_query_finish(&form);
	aws_client_destroy(client);
	return status;
}

const char *aws_partition(const char *region)
{
	if (strncmp(region, "cn-", 3) == 0)
		return "aws-cn";
	return strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov" : "aws";
}
