/* example.h - one example of AWS' signing test suite: a request, and all that becomes of it. */
#ifndef TESTS_UNIT_AWS_EXAMPLE_H
#define TESTS_UNIT_AWS_EXAMPLE_H

#include "aws/sign.h"

struct example {
	char folder[1024];
	/* context.json */
	struct aws_keys keys;
	struct aws_signer signer; /* borrows the rest */
	char region[32], service[32];
	uint64_t expires_s;
	bool sign_body; /* with the hash of the body as a header */
	/* request.txt */
	char method[16];
	struct kit_buffer path; /* as it is signed when it is not tidied */
	struct aws_query query;
	struct http_headers headers;
	char hash[AWS_HASH_MAX]; /* of the body */
};

/* Zero before; false when it cannot be read. */
bool example_read(struct example *example, const char *folder);
void example_finish(struct example *example);

/* A file of the folder, without line ends at its end; to be freed. NULL: there is none. */
char *example_text(const struct example *example, const char *file);

#endif
