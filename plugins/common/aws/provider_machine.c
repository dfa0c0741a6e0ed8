/* provider_machine.c - the keys of an EC2 machine's role: IMDSv2, and version 1 not at all. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "aws/provider.h"

#define ENDPOINT "http://169.254.169.254"
#define ROLES "/latest/meta-data/iam/security-credentials/"

static const char where[] = "the machine's metadata service";

/* One exchange whose 200 answer is text. */
static int ask(const struct aws_provider_tools *tools, const char *method, const char *path,
               const struct http_headers *headers, struct http_answer *answer,
               const struct vm_call *call, struct vm_error *err)
{
	const char *endpoint = aws_environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
	struct http_request request = {.method = method, .headers = headers, .direct = true};
	char url[2048];
	int length = snprintf(url, sizeof url, "%s%s", endpoint != NULL ? endpoint : ENDPOINT, path);
	int status;

	if (length < 0 || (size_t)length >= sizeof url)
		return vm_fail(err, VM_ERR_CONFIG, "AWS_EC2_METADATA_SERVICE_ENDPOINT is too long");
	request.url = url;
	status = http_exchange(tools->near, &request, answer, call, err);
	if (status != VM_OK)
		return status;
	/* No role, or no such service behind the address: there is nobody left to ask. */
	if (answer->status == 404)
		return vm_fail(err, VM_ERR_NOT_FOUND, "%s: the machine has no role", where);
	if (answer->status != 200 || answer->body.length == 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: %d", where, answer->status);
	return VM_OK;
}

/* A token for six hours, the longest there is; it is used for this one renewal. */
static int open_session(const struct aws_provider_tools *tools, struct http_headers *headers,
                        struct http_answer *answer, const struct vm_call *call,
                        struct vm_error *err)
{
	struct http_headers want = {0};
	int status = http_headers_add(&want, err, "x-aws-ec2-metadata-token-ttl-seconds", "21600");

	if (status == VM_OK)
		status = ask(tools, "PUT", "/latest/api/token", &want, answer, call, err);
	if (status == VM_OK)
		status = http_headers_add(headers, err, "x-aws-ec2-metadata-token", "%s",
		                          answer->body.bytes);
	http_headers_finish(&want);
	return status;
}

static int fetch(const struct aws_provider_tools *tools, struct aws_keys *out,
                 const struct vm_call *call, struct vm_error *err)
{
	const char *disabled = aws_environment("AWS_EC2_METADATA_DISABLED");
	struct http_headers headers = {0};
	struct http_answer answer = {0};
	char path[512];
	int status;

	if (disabled != NULL && strcasecmp(disabled, "true") == 0)
		return vm_fail(err, VM_ERR_NOT_FOUND, "AWS_EC2_METADATA_DISABLED");
	status = open_session(tools, &headers, &answer, call, err);
	/* Elsewhere than on EC2 nobody answers. */
	if (status == VM_ERR_UNAVAILABLE || status == VM_ERR_TIMEOUT)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "%s does not answer", where);
	if (status != VM_OK ||
	    (status = ask(tools, "GET", ROLES, &headers, &answer, call, err)) != VM_OK)
		goto fail;
	snprintf(path, sizeof path, ROLES "%.*s", (int)strcspn(answer.body.bytes, "\r\n"),
	         answer.body.bytes);
	status = ask(tools, "GET", path, &headers, &answer, call, err);
	if (status == VM_OK)
		status = aws_keys_read_json(&answer.body, where, out, err);

fail:
	http_answer_finish(&answer);
	http_headers_finish(&headers);
	return status;
}

const struct aws_provider aws_provider_machine = {
    .name = "the machine's metadata service",
    .fetch = fetch,
    .keeps_expired = true,
};
