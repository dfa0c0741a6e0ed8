/* client.h - signed requests to one service of AWS, or to one that speaks like it. */
#ifndef AWS_CLIENT_H
#define AWS_CLIENT_H

#include <vidmill/option.h>

#include "aws/error.h"
#include "aws/query.h"

/* What the options of every plugin for AWS have in common. */
struct aws_config {
	const char *region;
	const char *endpoint;
	const char *profile;
	const char *access_key, *secret_key;
	const char *ca_file;
	uint64_t connect_timeout;
	uint64_t timeout;
};

/* The rows for them; `aws` is a field of struct aws_config in the plugin's own struct. */
#define AWS_OPTIONS(config, aws)                                                                   \
	{.name = "region",                                                                             \
	 VM_STRING(config, aws.region),                                                                \
	 .doc = "Region, as in \"eu-west-1\"; without it AWS_REGION or the profile says it."},         \
	    {.name = "endpoint",                                                                       \
	     VM_STRING(config, aws.endpoint),                                                          \
	     .doc = "Address of another service that speaks the same: \"http://127.0.0.1:9000\"."},    \
	    {.name = "profile",                                                                        \
	     VM_STRING(config, aws.profile),                                                           \
	     .doc =                                                                                    \
	         "Profile in ~/.aws whose keys sign; without it AWS_PROFILE or the default chain."},   \
	    {.name = "access_key",                                                                     \
	     VM_STRING(config, aws.access_key),                                                        \
	     .flags = VM_SECRET,                                                                       \
	     .doc = "Access key id, where no role and no profile is to be had."},                      \
	    {.name = "secret_key",                                                                     \
	     VM_STRING(config, aws.secret_key),                                                        \
	     .flags = VM_SECRET,                                                                       \
	     .doc = "Secret access key that belongs to access_key."},                                  \
	    {.name = "ca_file",                                                                        \
	     VM_STRING(config, aws.ca_file),                                                           \
	     .doc = "File (PEM) of the authorities to trust instead of the system's."},                \
	    {.name = "connect_timeout",                                                                \
	     VM_DURATION(config, aws.connect_timeout),                                                 \
	     .fallback = "5s",                                                                         \
	     .min = 100,                                                                               \
	     .max = 600000,                                                                            \
	     .doc = "How long a connection may take to stand, TLS included."},                         \
	{                                                                                              \
		.name = "timeout", VM_DURATION(config, aws.timeout), .fallback = "30s", .min = 1000,       \
		.max = 3600000, .doc = "How long an exchange may go without a byte in either direction."   \
	}

/* What `check` can say of them without network. */
int aws_config_check(const struct aws_config *config, struct vm_error *err);

/* A service and its manners. */
struct aws_service {
	const char *name; /* in endpoints and signatures: "s3" */
	bool path_as_is;  /* see struct aws_signer; the payload's hash is a header, too */
	bool regional;    /* tells by x-amz-bucket-region that another region is meant */
};

/* [any thread] all functions. */
struct aws_client;

/* `config` and `host` outlive it. */
int aws_client_create(const struct aws_service *service, const struct aws_config *config,
                      const struct vm_host *host, struct aws_client **out, struct vm_error *err);
void aws_client_destroy(struct aws_client *client); /* NULL is allowed */

/* As it was found, or as the service corrected it: into region[AWS_REGION_MAX]. */
void aws_client_region(struct aws_client *client, char *region);

struct aws_request {
	const char *what; /* begins the sentence of an error: "put videos/a.mp4" */
	const char *method;
	const char *host_label;  /* put in front of the endpoint's host: a bucket; NULL: none */
	const char *path;        /* as it is meant, with its first '/'; NULL: "/" */
	struct aws_query *query; /* as they are meant; NULL: none. Reordered. */
	const struct http_headers *headers; /* signed; NULL: none */
	const void *body;
	size_t length;
	struct vm_sink *sink; /* see struct http_request */
	uint64_t patience_ms; /* see struct http_request */
	bool once;            /* see struct http_request */
};

/*
 * Signs and sends. VM_OK on a 2xx. A refusal is judged, put into *err, and its
 * words into *refusal (may be NULL). Signed and sent a second time, without
 * waiting, only where the first was refused for a reason of the signature:
 * another region, another clock, expired keys.
 */
int aws_send(struct aws_client *client, const struct aws_request *request,
             struct http_answer *answer, struct aws_refusal *refusal, const struct vm_call *call,
             struct vm_error *err);

/*
 * The URL by which anyone may send this request, with exactly these headers, for
 * `expires_s` seconds (1 to 604800, and not longer than the keys are good). The
 * body is not covered. The query's items are added to.
 */
int aws_presign(struct aws_client *client, const struct aws_request *request, uint64_t expires_s,
                struct kit_buffer *url, const struct vm_call *call, struct vm_error *err);

#endif
