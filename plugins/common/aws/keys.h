/* keys.h - what signs a request. */
#ifndef AWS_KEYS_H
#define AWS_KEYS_H

#include <stdint.h>

/* IAM: an access key id has up to 128 characters; a session token of STS has no stated end, and
 * "should be able to handle up to 4096 bytes and beyond" is read as twice that. */
#define AWS_KEY_ID_MAX 129
#define AWS_SECRET_MAX 129
#define AWS_TOKEN_MAX 8193

/* Secrets: wipe after use (aws_keys_wipe), never print. */
struct aws_keys {
	char id[AWS_KEY_ID_MAX];
	char secret[AWS_SECRET_MAX];
	char token[AWS_TOKEN_MAX]; /* "" for keys of a user, which do not end */
	int64_t expires_ms;        /* Unix time; 0: never */
};

void aws_keys_wipe(struct aws_keys *keys);

#endif
