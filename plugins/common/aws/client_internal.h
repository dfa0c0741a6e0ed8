/* client_internal.h - a client, for the files that make and use it. */
#ifndef AWS_CLIENT_INTERNAL_H
#define AWS_CLIENT_INTERNAL_H

#include <pthread.h>

#include "aws/client.h"
#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/sign.h"

struct aws_client {
	const struct aws_service *service;
	const struct aws_config *config;
	struct http *http;
	struct aws_credentials *credentials;
	char first_region[AWS_REGION_MAX]; /* whose STS is asked */
	pthread_mutex_t lock;
	/* Under the lock: */
	char region[AWS_REGION_MAX];
	int64_t skew_s; /* the service's clock minus ours */
};

/* By the service's clock. */
int64_t aws_client_now_s(struct aws_client *client);

/* What a refusal tells about the signature is taken to heart; true: sign again. */
bool aws_client_learn(struct aws_client *client, const struct aws_signer *signer,
                      const struct http_answer *answer, const char *code);

#endif
