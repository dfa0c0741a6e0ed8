/* provider_container.c - the keys of an ECS task's role, or of a pod's on EKS. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "aws/provider.h"

#define ECS_ENDPOINT "http://169.254.170.2"

/*
 * Over plain HTTP only this machine and the two services of its network may be
 * asked, so that a stranger's variable sends no token away. (AWS SDKs and Tools
 * Reference Guide, "Container credential provider")
 */
static bool is_near(const char *url)
{
	static const char *const hosts[] = {"localhost", "169.254.170.2", "169.254.170.23",
	                                    "[fd00:ec2::23]", "[::1]"};
	static const char plain[] = "http://", loopback[] = "127.";
	const char *host = url + strlen(plain);
	size_t length;

	/* "http://localhost:80@elsewhere" is elsewhere. */
	if (strchr(url, '@') != NULL)
		return false;
	if (strncasecmp(url, "https://", strlen("https://")) == 0)
		return true;
	if (strncasecmp(url, plain, strlen(plain)) != 0)
		return false;
	length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (strlen(hosts[i]) == length && strncasecmp(host, hosts[i], length) == 0)
			return true;
	return strncmp(host, loopback, strlen(loopback)) == 0 && strspn(host, "0123456789.") == length;
}

static int find_url(char *url, size_t size, struct vm_error *err)
{
	const char *relative = aws_environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = aws_environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
	int length;

	if (relative == NULL && full == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	if (relative != NULL && relative[0] != '/')
		return vm_fail(err, VM_ERR_CONFIG,
		               "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: does not begin with a slash");
	if (relative == NULL && !is_near(full))
		return vm_fail(err, VM_ERR_CONFIG,
		               "AWS_CONTAINER_CREDENTIALS_FULL_URI: over http only this machine and the "
		               "container's own services may be asked; use https");
	length = relative != NULL ? snprintf(url, size, ECS_ENDPOINT "%s", relative)
	                          : snprintf(url, size, "%s", full);
	if (length < 0 || (size_t)length >= size)
		return vm_fail(err, VM_ERR_CONFIG, "AWS_CONTAINER_CREDENTIALS_…_URI is too long");
	return VM_OK;
}

static int add_token(struct http_headers *headers, struct vm_error *err)
{
	const char *path = aws_environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *token = aws_environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
	char line[AWS_TOKEN_MAX];
	int status;

	if (path == NULL && token == NULL)
		return VM_OK;
	if (path == NULL && strpbrk(token, "\r\n") != NULL)
		return vm_fail(err, VM_ERR_CONFIG, "AWS_CONTAINER_AUTHORIZATION_TOKEN: more than one line");
	if (path == NULL)
		return http_headers_add(headers, err, "authorization", "%s", token);
	/* It is written anew before the token ends. */
	status = aws_file_read_line(path, line, sizeof line, err);
	if (status == VM_OK)
		status = http_headers_add(headers, err, "authorization", "%s", line);
	OPENSSL_cleanse(line, sizeof line);
	return status;
}

static int fetch(const struct aws_provider_tools *tools, struct aws_keys *out,
                 const struct vm_call *call, struct vm_error *err)
{
	static const char where[] = "the container's credentials";
	struct http_headers headers = {0};
	struct http_answer answer = {0};
	struct http_request request = {.method = "GET", .headers = &headers, .direct = true};
	char url[2048];
	int status;

	if ((status = find_url(url, sizeof url, err)) != VM_OK ||
	    (status = add_token(&headers, err)) != VM_OK)
		goto fail;
	request.url = url;
	status = http_exchange(tools->near, &request, &answer, call, err);
	if (status == VM_OK && answer.status != 200)
		status = vm_fail(err, VM_ERR_UNAVAILABLE, "%s: %d", where, answer.status);
	if (status == VM_OK)
		status = aws_keys_read_json(&answer.body, where, out, err);

fail:
	http_answer_finish(&answer);
	http_headers_finish(&headers);
	return status;
}

const struct aws_provider aws_provider_container = {
    .name = "the container's endpoint",
    .fetch = fetch,
};
