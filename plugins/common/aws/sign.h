/* sign.h - AWS Signature Version 4, in headers and in the query. */
#ifndef AWS_SIGN_H
#define AWS_SIGN_H

#include "aws/keys.h"
#include "aws/query.h"
#include "http/headers.h"

/* The payload's hash of a presigned request: its body is not known yet. S3 only. */
#define AWS_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"
/* Hexadecimal SHA-256 with its NUL. */
#define AWS_HASH_MAX 65

/* Who signs, for what, and when. */
struct aws_signer {
	const struct aws_keys *keys;
	const char *region;
	const char *service;
	int64_t now_s; /* Unix time, by the service's clock */
	/* The path is signed as it is sent (S3). Otherwise it is tidied and encoded once more. */
	bool path_as_is;
	/* The session token is added after signing: for a service that wants it unsigned. */
	bool token_unsigned;
};

/* What is signed: every header of `headers` but those that a proxy may change. */
struct aws_signed {
	const char *method;
	const char *path; /* encoded as it is sent, with its first '/' */
	struct aws_query *query;
	struct http_headers *headers; /* "host" among them */
	const char *payload_hash;
};

/*
 * Adds x-amz-date, x-amz-security-token (if there is one) and authorization to
 * the headers.
 */
int aws_sign_headers(const struct aws_signer *signer, const struct aws_signed *what,
                     struct vm_error *err);

/*
 * Adds X-Amz-Algorithm … X-Amz-Signature to the query: whoever has the URL may
 * send this one request, with exactly these headers, for expires_s seconds
 * (1 to 604800).
 */
int aws_sign_query(const struct aws_signer *signer, const struct aws_signed *what,
                   uint64_t expires_s, struct vm_error *err);

/* The hexadecimal SHA-256 of some bytes. */
int aws_hash(const void *bytes, size_t length, char hash[AWS_HASH_MAX], struct vm_error *err);

/* The steps, for those who check them. `signed_names` becomes "host;x-amz-date". */
int aws_canonical_headers(const struct http_headers *headers, struct kit_buffer *out,
                          struct kit_buffer *signed_names, struct vm_error *err);
int aws_canonical_request(const struct aws_signer *signer, const struct aws_signed *what,
                          struct kit_buffer *out, struct kit_buffer *signed_names,
                          struct vm_error *err);
int aws_string_to_sign(const struct aws_signer *signer, const struct kit_buffer *canonical,
                       struct kit_buffer *out, struct vm_error *err);

#endif
