/* provider.h - one place where keys can come from. */
#ifndef AWS_PROVIDER_H
#define AWS_PROVIDER_H

#include "aws/credentials.h"
#include "http/http.h"

/* What a provider may use; the http is a quick one, for services of this machine. */
struct aws_provider_tools {
	const struct aws_credentials_settings *settings;
	struct http *near; /* gives up within a second or two */
	struct http *far;
};

struct aws_provider {
	const char *name; /* "the profile's files" */
	/* VM_ERR_NOT_FOUND: not configured, ask the next one. */
	int (*fetch)(const struct aws_provider_tools *tools, struct aws_keys *out,
	             const struct vm_call *call, struct vm_error *err);
	/* Expired keys go on being used while new ones are not to be had: the services take them, as
	 * AWS' guide to IMDS says ("static stability"). */
	bool keeps_expired;
};

extern const struct aws_provider aws_provider_given;
extern const struct aws_provider aws_provider_environment;
extern const struct aws_provider aws_provider_profile;
extern const struct aws_provider aws_provider_web_identity;
extern const struct aws_provider aws_provider_container;
extern const struct aws_provider aws_provider_machine;

/* Copies one of the three into the keys; too long for its field is VM_ERR_CONFIG. */
int aws_keys_set(struct aws_keys *keys, const char *id, const char *secret, const char *token,
                 struct vm_error *err);

/* The keys in {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"} of a metadata service. */
int aws_keys_read_json(const struct kit_buffer *body, const char *where, struct aws_keys *out,
                       struct vm_error *err);

/* Milliseconds of Unix time in "2026-11-25T01:02:03Z"; 0 when it is no such time. */
int64_t aws_time_read(const char *text);

/* The only line of a small file, without its end; a secret: wipe it. Else VM_ERR_CONFIG. */
int aws_file_read_line(const char *path, char *text, size_t size, struct vm_error *err);

/* The variable's value; NULL when unset or empty. */
const char *aws_environment(const char *name);

#endif
