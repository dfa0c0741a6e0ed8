/* provider_given.c - keys of the pipeline file, and keys of the environment. */
#include "aws/provider.h"

static int fetch_given(const struct aws_provider_tools *tools, struct aws_keys *out,
                       const struct vm_call *call, struct vm_error *err)
{
	const struct aws_credentials_settings *settings = tools->settings;

	(void)call;
	if (settings->id == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "no access_key in the pipeline file");
	return aws_keys_set(out, settings->id, settings->secret, NULL, err);
}

const struct aws_provider aws_provider_given = {
    .name = "the pipeline file",
    .fetch = fetch_given,
};

static int fetch_environment(const struct aws_provider_tools *tools, struct aws_keys *out,
                             const struct vm_call *call, struct vm_error *err)
{
	const char *id = aws_environment("AWS_ACCESS_KEY_ID");
	const char *secret = aws_environment("AWS_SECRET_ACCESS_KEY");

	(void)call;
	/* A profile that is asked for by name goes before what happens to be in the environment. */
	if (id == NULL || tools->settings->profile != NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "no AWS_ACCESS_KEY_ID");
	if (secret == NULL)
		return vm_fail(err, VM_ERR_CONFIG, "AWS_ACCESS_KEY_ID without AWS_SECRET_ACCESS_KEY");
	return aws_keys_set(out, id, secret, aws_environment("AWS_SESSION_TOKEN"), err);
}

const struct aws_provider aws_provider_environment = {
    .name = "the environment",
    .fetch = fetch_environment,
};
