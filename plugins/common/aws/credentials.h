/* credentials.h - whose keys sign: found as AWS' own tools find them, and renewed in time. */
#ifndef AWS_CREDENTIALS_H
#define AWS_CREDENTIALS_H

#include <vidmill/host.h>

#include "aws/keys.h"

/* Strings are borrowed until destroy. */
struct aws_credentials_settings {
	const char *id, *secret; /* of the pipeline file; both or none */
	const char *profile;     /* NULL: AWS_PROFILE, or "default" */
	const char *region;      /* whose STS is asked */
	const char *ca_file;
	const struct vm_host *host; /* for its log; NULL: silent */
};

/*
 * The first of these that is configured, asked when keys are wanted for the
 * first time: the pipeline file; AWS_ACCESS_KEY_ID …; the profile's files; a web
 * identity (AWS_WEB_IDENTITY_TOKEN_FILE); the container's endpoint (ECS, EKS);
 * the machine's metadata service (IMDSv2).
 */
struct aws_credentials;

int aws_credentials_create(const struct aws_credentials_settings *settings,
                           struct aws_credentials **out, struct vm_error *err);
void aws_credentials_destroy(struct aws_credentials *credentials); /* NULL is allowed */

/*
 * [any thread] Keys that are good for five minutes more, if it can be helped:
 * one thread renews them, while the others go on with the old ones as long as
 * those are good. VM_ERR_DENIED when nothing is configured. The caller wipes.
 */
int aws_credentials_get(struct aws_credentials *credentials, struct aws_keys *out,
                        const struct vm_call *call, struct vm_error *err);

/* [any thread] The service says that these have expired: the next get renews them. */
void aws_credentials_expired(struct aws_credentials *credentials, const struct aws_keys *keys);

#endif
