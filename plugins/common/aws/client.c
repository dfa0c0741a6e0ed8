/* client.c - a service's client, and what it learns from refusals. */
#include "aws/client_internal.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A clock is not corrected for less: AWS takes five minutes, S3 fifteen. */
#define SKEW_LEAST_S 240

int aws_config_check(const struct aws_config *config, struct vm_error *err)
{
	char endpoint[AWS_ENDPOINT_MAX], region[AWS_REGION_MAX];

	if ((config->access_key == NULL) != (config->secret_key == NULL))
		return vm_fail(err, VM_ERR_CONFIG, "access_key and secret_key go together");
	if (config->region != NULL && aws_region_find(config->region, NULL, region, err) != VM_OK)
		return VM_ERR_CONFIG;
	return aws_endpoint_write("check", "eu-west-1", config->endpoint, endpoint, err);
}

void aws_client_destroy(struct aws_client *client)
{
	if (client == NULL)
		return;
	aws_credentials_destroy(client->credentials);
	http_destroy(client->http);
	pthread_mutex_destroy(&client->lock);
	free(client);
}

int aws_client_create(const struct aws_service *service, const struct aws_config *config,
                      const struct vm_host *host, struct aws_client **out, struct vm_error *err)
{
	const struct http_settings settings = {.ca_file = config->ca_file,
	                                       .connect_ms = config->connect_timeout,
	                                       .quiet_ms = config->timeout};
	struct aws_client *client = calloc(1, sizeof *client);
	struct aws_credentials_settings keys = {.id = config->access_key,
	                                        .secret = config->secret_key,
	                                        .profile = config->profile,
	                                        .ca_file = config->ca_file,
	                                        .host = host};
	int status;

	if (client == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&client->lock, NULL);
	client->service = service;
	client->config = config;
	keys.region = client->first_region;
	if ((status = aws_region_find(config->region, config->profile, client->region, err)) != VM_OK ||
	    (status = http_create(&settings, &client->http, err)) != VM_OK ||
	    (status = aws_credentials_create(&keys, &client->credentials, err)) != VM_OK)
		goto fail;
	memcpy(client->first_region, client->region, sizeof client->region);
	*out = client;
	return VM_OK;

fail:
	aws_client_destroy(client);
	return status;
}

void aws_client_region(struct aws_client *client, char *region)
{
	pthread_mutex_lock(&client->lock);
	memcpy(region, client->region, AWS_REGION_MAX);
	pthread_mutex_unlock(&client->lock);
}

int64_t aws_client_now_s(struct aws_client *client)
{
	int64_t skew_s;

	pthread_mutex_lock(&client->lock);
	skew_s = client->skew_s;
	pthread_mutex_unlock(&client->lock);
	return (int64_t)time(NULL) + skew_s;
}

static bool is_one_of(const char *code, const char *const *codes)
{
	for (; *codes != NULL; codes++)
		if (strcmp(code, *codes) == 0)
			return true;
	return false;
}

/* The service's clock is told by the answer itself. */
static bool correct_clock(struct aws_client *client, int64_t signed_s,
                          const struct http_answer *answer, const char *code)
{
	static const char *const codes[] = {"RequestTimeTooSkewed",
	                                    "RequestExpired",
	                                    "RequestInTheFuture",
	                                    "InvalidSignatureException",
	                                    "SignatureDoesNotMatch",
	                                    "AuthFailure",
	                                    NULL};
	const char *date = http_headers_find(&answer->headers, "date");
	time_t theirs = date != NULL ? curl_getdate(date, NULL) : -1;
	int64_t off_s = (int64_t)theirs - signed_s;

	/* An answer with an age comes out of a store; its date is old. That to a HEAD has no words. */
	if (theirs < 0 || !(is_one_of(code, codes) || (code[0] == '\0' && answer->status == 403)) ||
	    http_headers_find(&answer->headers, "age") != NULL ||
	    (off_s < SKEW_LEAST_S && off_s > -SKEW_LEAST_S))
		return false;
	pthread_mutex_lock(&client->lock);
	client->skew_s = (int64_t)theirs - (int64_t)time(NULL);
	pthread_mutex_unlock(&client->lock);
	return true;
}

static bool correct_region(struct aws_client *client, const char *signed_region,
                           const struct http_answer *answer)
{
	const char *told = http_headers_find(&answer->headers, "x-amz-bucket-region");
	char region[AWS_REGION_MAX];

	/* It becomes part of a host's name. */
	if (!client->service->regional || client->config->endpoint != NULL || told == NULL ||
	    aws_region_find(told, NULL, region, NULL) != VM_OK || strcmp(region, signed_region) == 0)
		return false;
	pthread_mutex_lock(&client->lock);
	memcpy(client->region, region, sizeof region);
	pthread_mutex_unlock(&client->lock);
	return true;
}

bool aws_client_learn(struct aws_client *client, const struct aws_signer *signer,
                      const struct http_answer *answer, const char *code)
{
	static const char *const expired[] = {"ExpiredToken", "ExpiredTokenException", NULL};

	if (correct_region(client, signer->region, answer))
		return true;
	if (is_one_of(code, expired) || aws_refusal_has_no_words(code, answer)) {
		aws_credentials_expired(client->credentials, signer->keys);
		return true;
	}
	return correct_clock(client, signer->now_s, answer, code);
}
