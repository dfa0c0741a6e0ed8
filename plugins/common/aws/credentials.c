/* credentials.c - the keys last got, who gave them, and who is just getting new ones. */
#include "aws/credentials.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aws/provider.h"
#include "kit/sleep.h"

#define RENEW_BEFORE_MS (5 * INT64_C(60000))
/* After a renewal that failed, while the old keys are still good. */
#define RENEW_AGAIN_MS INT64_C(30000)

static const struct aws_provider *const chain[] = {
    &aws_provider_given,        &aws_provider_environment, &aws_provider_profile,
    &aws_provider_web_identity, &aws_provider_container,   &aws_provider_machine,
};

struct aws_credentials {
	struct aws_credentials_settings settings;
	struct aws_provider_tools tools;
	pthread_mutex_t lock;
	/* Under the lock: */
	const struct aws_provider *provider; /* NULL until one had keys */
	struct aws_keys keys;                /* id "" until then */
	int64_t renew_ms;                    /* Unix time; 0: never */
	bool renewing;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void aws_credentials_destroy(struct aws_credentials *credentials)
{
	if (credentials == NULL)
		return;
	http_destroy(credentials->tools.near);
	http_destroy(credentials->tools.far);
	pthread_mutex_destroy(&credentials->lock);
	aws_keys_wipe(&credentials->keys);
	free(credentials);
}

int aws_credentials_create(const struct aws_credentials_settings *settings,
                           struct aws_credentials **out, struct vm_error *err)
{
	/* Elsewhere than on AWS the addresses of the two near services lead nowhere. */
	const struct http_settings near = {.connect_ms = 1000, .quiet_ms = 2000};
	const struct http_settings far = {
	    .ca_file = settings->ca_file, .connect_ms = 5000, .quiet_ms = 10000};
	struct aws_credentials *credentials = calloc(1, sizeof *credentials);
	int status;

	if (credentials == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&credentials->lock, NULL);
	credentials->settings = *settings;
	credentials->tools.settings = &credentials->settings;
	if ((status = http_create(&near, &credentials->tools.near, err)) != VM_OK ||
	    (status = http_create(&far, &credentials->tools.far, err)) != VM_OK)
		goto fail;
	*out = credentials;
	return VM_OK;

fail:
	aws_credentials_destroy(credentials);
	return status;
}

/* Once one had keys it stays the one: another's would be somebody else's. */
static int fetch(struct aws_credentials *credentials, const struct aws_provider **provider,
                 struct aws_keys *keys, const struct vm_call *call, struct vm_error *err)
{
	int status;

	if (*provider != NULL) {
		status = (*provider)->fetch(&credentials->tools, keys, call, err);
		return status == VM_ERR_NOT_FOUND
		           ? vm_fail(err, VM_ERR_UNAVAILABLE, "%s has no keys any more", (*provider)->name)
		           : status;
	}
	for (size_t i = 0; i < sizeof chain / sizeof *chain; i++) {
		memset(keys, 0, sizeof *keys);
		status = chain[i]->fetch(&credentials->tools, keys, call, err);
		if (status == VM_OK)
			*provider = chain[i];
		if (status != VM_ERR_NOT_FOUND)
			return status;
	}
	return vm_fail(err, VM_ERR_DENIED,
	               "no keys for AWS: neither access_key in the pipeline file, nor "
	               "AWS_ACCESS_KEY_ID, nor a profile, nor a role of a container or a machine");
}

static bool are_good(const struct aws_keys *keys, int64_t now)
{
	return keys->id[0] != '\0' && (keys->expires_ms == 0 || keys->expires_ms > now);
}

/* [under the lock] May these be used though new ones are wanted? */
static bool can_go_on(const struct aws_credentials *credentials, int64_t now)
{
	return are_good(&credentials->keys, now) ||
	       (credentials->keys.id[0] != '\0' && credentials->provider->keeps_expired);
}

/* [under the lock, with the turn to renew] Leaves the lock while it asks. */
static int renew(struct aws_credentials *credentials, const struct vm_call *call,
                 struct vm_error *err)
{
	const struct aws_provider *provider = credentials->provider;
	const struct vm_host *host = credentials->settings.host;
	struct aws_keys keys = {0};
	struct vm_error why; /* the chain's misses are no failure of the caller's */
	int64_t now;
	int status;

	credentials->renewing = true;
	pthread_mutex_unlock(&credentials->lock);
	status = fetch(credentials, &provider, &keys, call, &why);
	pthread_mutex_lock(&credentials->lock);
	credentials->renewing = false;
	now = now_ms();
	if (status == VM_OK) {
		if (host != NULL && credentials->provider == NULL)
			host->log(host, VM_LOG_DEBUG, "signs with keys from %s", provider->name);
		credentials->provider = provider;
		credentials->keys = keys;
		credentials->renew_ms = keys.expires_ms == 0 ? 0 : keys.expires_ms - RENEW_BEFORE_MS;
	} else if (can_go_on(credentials, now)) {
		if (host != NULL)
			host->log(host, VM_LOG_WARNING, "keys are not renewed, the old ones are used: %s",
			          why.message);
		credentials->renew_ms = now + RENEW_AGAIN_MS;
		status = VM_OK;
	} else if (err != NULL) {
		*err = why;
	}
	aws_keys_wipe(&keys);
	return status;
}

int aws_credentials_get(struct aws_credentials *credentials, struct aws_keys *out,
                        const struct vm_call *call, struct vm_error *err)
{
	int status = VM_OK;

	pthread_mutex_lock(&credentials->lock);
	for (;;) {
		int64_t now = now_ms();
		bool wanted = credentials->keys.id[0] == '\0' ||
		              (credentials->renew_ms != 0 && credentials->renew_ms <= now);

		if (!wanted || (credentials->renewing && can_go_on(credentials, now)))
			break;
		if (!credentials->renewing) {
			status = renew(credentials, call, err);
			break;
		}
		/* Another thread is at it, and there is nothing to sign with until it is done. */
		pthread_mutex_unlock(&credentials->lock);
		if (!kit_sleep_ms(call, 10))
			return vm_call_check(call, "keys for AWS", err);
		pthread_mutex_lock(&credentials->lock);
	}
	if (status == VM_OK)
		*out = credentials->keys;
	pthread_mutex_unlock(&credentials->lock);
	return status;
}

void aws_credentials_expired(struct aws_credentials *credentials, const struct aws_keys *keys)
{
	pthread_mutex_lock(&credentials->lock);
	/* Those that were renewed meanwhile are not meant. */
	if (strcmp(credentials->keys.id, keys->id) == 0 &&
	    strcmp(credentials->keys.token, keys->token) == 0)
		credentials->renew_ms = 1;
	pthread_mutex_unlock(&credentials->lock);
}
