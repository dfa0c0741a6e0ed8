/* endpoint.c - addresses and regions. */
#include "aws/endpoint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "aws/profile.h"
#include "aws/provider.h"

/* The partitions have domains of their own. (AWS General Reference, "Service endpoints") */
static const char *domain_of(const char *region)
{
	return strncmp(region, "cn-", 3) == 0 ? "amazonaws.com.cn" : "amazonaws.com";
}

static bool is_address(const char *text)
{
	const char *host = strncasecmp(text, "https://", 8) == 0  ? text + 8
	                   : strncasecmp(text, "http://", 7) == 0 ? text + 7
	                                                          : NULL;

	return host != NULL && host[0] != '\0' && strpbrk(host, "/?#@ \t\r\n") == NULL;
}

int aws_endpoint_write(const char *service, const char *region, const char *given, char *endpoint,
                       struct vm_error *err)
{
	int length;

	if (given == NULL) {
		length = snprintf(endpoint, AWS_ENDPOINT_MAX, "https://%s.%s.%s", service, region,
		                  domain_of(region));
	} else {
		length = snprintf(endpoint, AWS_ENDPOINT_MAX, "%s", given);
		if (length > 0 && length < AWS_ENDPOINT_MAX && endpoint[length - 1] == '/')
			endpoint[length - 1] = '\0';
	}
	if (length < 0 || length >= AWS_ENDPOINT_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "endpoint: longer than %d bytes", AWS_ENDPOINT_MAX - 1);
	/* Not repeated, for there is a password in it. */
	if (strchr(endpoint, '@') != NULL)
		return vm_fail(err, VM_ERR_CONFIG, "endpoint: it has a user in it");
	if (!is_address(endpoint))
		return vm_fail(err, VM_ERR_CONFIG,
		               "endpoint \"%s\": not like \"https://host\" or \"http://host:port\"",
		               endpoint);
	return VM_OK;
}

static bool is_region(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length > 0 && length < AWS_REGION_MAX && text[length] == '\0';
}

int aws_region_find(const char *given, const char *profile, char *region, struct vm_error *err)
{
	char value[AWS_PROFILE_VALUE_MAX];
	int status;

	if (given == NULL)
		given = aws_environment("AWS_REGION");
	if (given == NULL)
		given = aws_environment("AWS_DEFAULT_REGION");
	if (given == NULL) {
		status = aws_profile_get(profile, "region", value, sizeof value, err);
		if (status == VM_ERR_NOT_FOUND)
			return vm_fail(err, VM_ERR_CONFIG,
			               "no region: set region in the pipeline file, or AWS_REGION");
		if (status != VM_OK)
			return status;
		given = value;
	}
	if (!is_region(given))
		return vm_fail(err, VM_ERR_CONFIG, "region \"%.80s\": not like \"eu-west-1\"", given);
	memcpy(region, given, strlen(given) + 1);
	return VM_OK;
}
