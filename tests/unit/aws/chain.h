/* chain.h - the chain of providers, in few words. */
#ifndef TESTS_UNIT_AWS_CHAIN_H
#define TESTS_UNIT_AWS_CHAIN_H

#include "aws/credentials.h"
#include "place.h"
#include "run.h"
#include "unit/http/peer.h"

#define SECRET "wJalr-the-secret"
#define TOKEN "AQoDY-the-token"

struct chain {
	struct aws_credentials_settings settings;
	struct aws_credentials *credentials;
	struct aws_keys keys;
	struct vm_error err;
	char log[4096]; /* the host's, a line each */
};

extern struct chain chain;

void chain_open(void); /* with a place of its own */
void chain_close(void);

/* The status of a get; the chain is made at the first. A failure tells no secret. */
int chain_get(void);

/* An answer of a metadata service, with keys that end then. To be kept by the caller. */
char *chain_answer(const char *id, long from_now_s);

#endif
