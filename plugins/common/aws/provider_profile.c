/* provider_profile.c - the keys of a profile. */
#include <openssl/crypto.h>

#include "aws/profile.h"
#include "aws/provider.h"

static int fetch(const struct aws_provider_tools *tools, struct aws_keys *out,
                 const struct vm_call *call, struct vm_error *err)
{
	const char *profile = tools->settings->profile;
	char id[AWS_PROFILE_VALUE_MAX], secret[AWS_PROFILE_VALUE_MAX], token[AWS_PROFILE_VALUE_MAX];
	int status;

	(void)call;
	token[0] = '\0';
	if ((status = aws_profile_get(profile, "aws_access_key_id", id, sizeof id, err)) != VM_OK)
		return status;
	status = aws_profile_get(profile, "aws_secret_access_key", secret, sizeof secret, err);
	if (status == VM_ERR_NOT_FOUND)
		return vm_fail(err, VM_ERR_CONFIG,
		               "the profile has aws_access_key_id but no aws_secret_access_key");
	if (status == VM_OK)
		status = aws_profile_get(profile, "aws_session_token", token, sizeof token, err);
	if (status == VM_OK || status == VM_ERR_NOT_FOUND)
		status = aws_keys_set(out, id, secret, token, err);
	OPENSSL_cleanse(secret, sizeof secret);
	OPENSSL_cleanse(token, sizeof token);
	return status;
}

const struct aws_provider aws_provider_profile = {
    .name = "the profile's files",
    .fetch = fetch,
};
