/* store.c - two halves in memory behind an HTTP server of a few lines. */
#include "store.h"

#include <check.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct half {
	char *bytes;
	size_t length;
};

struct store {
	struct MHD_Daemon *daemon;
	char url[64];
	pthread_mutex_t lock;
	unsigned refusals, tokens, requests;
	struct half halves[2];
	char *joined;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL,
	                                                                MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result = MHD_queue_response(connection, status, response);

	MHD_destroy_response(response);
	return result;
}

static bool is_as_signed(struct MHD_Connection *connection)
{
	const char *match = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
	const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");

	return match != NULL && strcmp(match, "*") == 0 && type != NULL &&
	       strcmp(type, "video/mp4") == 0;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
	struct store *store = cls;
	struct half *half = *state;
	bool refused;

	(void)version;
	if (half != NULL && *size > 0) {
		half->bytes = realloc(half->bytes, half->length + *size);
		memcpy(half->bytes + half->length, data, *size);
		half->length += *size;
		*size = 0;
		return MHD_YES;
	}
	if (half != NULL)
		return answer(connection, 200);

	if (strcmp(method, "PUT") != 0 || (strcmp(url, "/1") != 0 && strcmp(url, "/2") != 0) ||
	    !is_as_signed(connection))
		return answer(connection, 403);
	pthread_mutex_lock(&store->lock);
	store->requests++;
	if (MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization") != NULL)
		store->tokens++;
	refused = store->refusals > 0;
	store->refusals -= refused ? 1 : 0;
	pthread_mutex_unlock(&store->lock);
	if (refused)
		return answer(connection, 503);
	half = &store->halves[url[1] - '1'];
	half->length = 0;
	*state = half;
	return MHD_YES;
}

struct store *store_create(unsigned refusals)
{
	struct store *store = calloc(1, sizeof *store);
	const union MHD_DaemonInfo *port;

	store->refusals = refusals;
	pthread_mutex_init(&store->lock, NULL);
	store->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION |
	                                     MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
	                                 0, NULL, NULL, on_request, store, MHD_OPTION_END);
	ck_assert_ptr_nonnull(store->daemon);
	port = MHD_get_daemon_info(store->daemon, MHD_DAEMON_INFO_BIND_PORT);
	snprintf(store->url, sizeof store->url, "http://127.0.0.1:%u", port->port);
	return store;
}

void store_destroy(struct store *store)
{
	MHD_stop_daemon(store->daemon);
	pthread_mutex_destroy(&store->lock);
	free(store->halves[0].bytes);
	free(store->halves[1].bytes);
	free(store->joined);
	free(store);
}

const char *store_url(const struct store *store)
{
	return store->url;
}

const char *store_bytes(struct store *store, size_t *length)
{
	const struct half *halves = store->halves;

	*length = halves[0].length + halves[1].length;
	free(store->joined);
	store->joined = malloc(*length + 1);
	memcpy(store->joined, halves[0].bytes, halves[0].length);
	memcpy(store->joined + halves[0].length, halves[1].bytes, halves[1].length);
	return store->joined;
}

unsigned store_tokens_seen(const struct store *store)
{
	return store->tokens;
}

unsigned store_requests(const struct store *store)
{
	return store->requests;
}
