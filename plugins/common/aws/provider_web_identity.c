/* provider_web_identity.c - a token of another party, exchanged for a role's keys at STS. */
#include <openssl/crypto.h>
#include <stdio.h>

#include "aws/endpoint.h"
#include "aws/error.h"
#include "aws/provider.h"
#include "aws/query.h"
#include "aws/xml.h"

/* A JSON web token; the AWS tools take one of up to 20,000 characters. */
#define TOKEN_MAX 20001

static int read_answer(const struct http_answer *answer, struct aws_keys *out, struct vm_error *err)
{
	xmlDoc *document = aws_xml_read(answer->body.bytes, answer->body.length);
	xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
	xmlNode *keys = aws_xml_child(aws_xml_child(root, "AssumeRoleWithWebIdentityResult"),
	                              "Credentials");
	char expires[64];
	int status = VM_OK;

	if (!aws_xml_text(keys, "AccessKeyId", out->id, sizeof out->id) ||
	    !aws_xml_text(keys, "SecretAccessKey", out->secret, sizeof out->secret) ||
	    !aws_xml_text(keys, "SessionToken", out->token, sizeof out->token))
		status = vm_fail(err, VM_ERR_UNAVAILABLE,
		                 "assume the role of AWS_ROLE_ARN: an answer without keys");
	aws_xml_text(keys, "Expiration", expires, sizeof expires);
	out->expires_ms = aws_time_read(expires);
	xmlFreeDoc(document);
	return status;
}

/* Whatever is not for later says that these words get no keys; no other provider is asked then. */
static int refused(int status, struct vm_error *err)
{
	if (status == VM_ERR_THROTTLED || status == VM_ERR_UNAVAILABLE)
		return status;
	if (err != NULL)
		err->status = VM_ERR_DENIED;
	return VM_ERR_DENIED;
}

static int ask(const struct aws_provider_tools *tools, struct aws_query *query,
               struct aws_keys *out, const struct vm_call *call, struct vm_error *err)
{
	static const char what[] = "assume the role of AWS_ROLE_ARN";
	struct http_headers headers = {0};
	struct http_answer answer = {0};
	struct http_request request = {.method = "POST", .headers = &headers};
	struct aws_refusal refusal;
	struct kit_buffer body;
	char url[AWS_ENDPOINT_MAX];
	int status;

	kit_buffer_init(&body, SIZE_MAX / 2);
	if ((status = aws_endpoint_write("sts", tools->settings->region,
	                                 aws_environment("AWS_ENDPOINT_URL_STS"), url, err)) != VM_OK ||
	    (status = aws_query_write(query, &body, err)) != VM_OK ||
	    (status = http_headers_add(&headers, err, "content-type",
	                               "application/x-www-form-urlencoded")) != VM_OK)
		goto fail;
	request.url = url;
	request.body = body.bytes;
	request.length = body.length;
	status = http_exchange(tools->far, &request, &answer, call, err);
	if (status == VM_OK && answer.status != 200) {
		aws_refusal_read(&answer, &refusal);
		status = refused(aws_refusal_fail(&refusal, &answer, what, err), err);
	} else if (status == VM_OK) {
		status = read_answer(&answer, out, err);
	}

fail:
	if (body.bytes != NULL)
		OPENSSL_cleanse(body.bytes, body.length);
	kit_buffer_finish(&body);
	http_answer_finish(&answer);
	http_headers_finish(&headers);
	return status;
}

static int fetch(const struct aws_provider_tools *tools, struct aws_keys *out,
                 const struct vm_call *call, struct vm_error *err)
{
	const char *path = aws_environment("AWS_WEB_IDENTITY_TOKEN_FILE");
	const char *role = aws_environment("AWS_ROLE_ARN");
	const char *session = aws_environment("AWS_ROLE_SESSION_NAME");
	struct aws_query query = {0};
	char token[TOKEN_MAX];
	int status;

	if (path == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "no AWS_WEB_IDENTITY_TOKEN_FILE");
	if (role == NULL)
		return vm_fail(err, VM_ERR_CONFIG, "AWS_WEB_IDENTITY_TOKEN_FILE without AWS_ROLE_ARN");
	/* The file is written anew before its token ends: it is read each time. */
	if ((status = aws_file_read_line(path, token, sizeof token, err)) != VM_OK)
		return status;
	if ((status = aws_query_add(&query, "Action", "AssumeRoleWithWebIdentity", err)) == VM_OK &&
	    (status = aws_query_add(&query, "Version", "2011-06-15", err)) == VM_OK &&
	    (status = aws_query_add(&query, "RoleArn", role, err)) == VM_OK &&
	    (status = aws_query_add(&query, "RoleSessionName", session != NULL ? session : "vidmill",
	                            err)) == VM_OK &&
	    (status = aws_query_add(&query, "WebIdentityToken", token, err)) == VM_OK)
		status = ask(tools, &query, out, call, err);
	OPENSSL_cleanse(token, sizeof token);
	aws_query_finish(&query);
	return status;
}

const struct aws_provider aws_provider_web_identity = {
    .name = "a web identity",
    .fetch = fetch,
};
