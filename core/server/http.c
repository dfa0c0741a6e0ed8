/* http.c - starts and stops the HTTP API. */
#include "server/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "server/http_address.h"
#include "server/http_internal.h"
#include "server/shelf.h"
#include "support/clock.h"
#include "support/log.h"
#include "support/random.h"

/* What a connection may hold of the library's memory: head, and what is read or sent at once. */
enum { CONNECTION_BYTES = 64 << 10 };

const struct http_limits http_default_limits = {
    .connections = 256,
    .connections_per_address = 128,
    .uploads = 32,
    .streams = 64,
    .idle_s = 30,
    .head_ms = 60000,
    .body_ms = 30000,
    .upload_ms = 60000,
    .upload_bytes_s = 4096,
    .body_bytes = 64 << 10,
    .headers_bytes = 16 << 10,
    .path_bytes = 2 << 10,
};

VM_PRINTF(2, 0)
static void log_library(void *cls, const char *format, va_list arguments)
{
	char line[512];

	(void)cls;
	vsnprintf(line, sizeof line, format, arguments);
	line[strcspn(line, "\n")] = '\0';
	log_debug("http: %s", line);
}

/*
 * A thread for each connection: handlers wait for storage and queues by blocking
 * calls, as all operations of plugins do, and one that waits must not hold up
 * the others. The limit on connections bounds the threads.
 */
static int start_daemon(struct http *http, int socket, struct vm_error *err)
{
	int code;

	http->daemon = MHD_start_daemon(
	    MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
	        MHD_USE_ITC | MHD_USE_ERROR_LOG,
	    0, NULL, NULL, http_on_request, http, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
	    MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, http,
	    MHD_OPTION_NOTIFY_CONNECTION, clients_on_connection, http->clients,
	    MHD_OPTION_CONNECTION_LIMIT, http->limits.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	    http->limits.connections_per_address, MHD_OPTION_CONNECTION_TIMEOUT, http->limits.idle_s,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT,
	    1, MHD_OPTION_END);
	if (http->daemon != NULL)
		return VM_OK;
	code = errno;
	close(socket);
	return vm_fail(err, VM_ERR_UNAVAILABLE, "the http server cannot be started: %s",
	               strerror(code));
}

static void destroy(struct http *http)
{
	if (http == NULL)
		return;
	clients_destroy(http->clients);
	shelf_destroy(http->shelf);
	cancel_destroy(http->cancel);
	tokens_destroy(http->tokens);
	json_decref(http->ready);
	pthread_mutex_destroy(&http->ready_lock);
	pthread_cond_destroy(&http->idle);
	pthread_mutex_destroy(&http->lock);
	explicit_bzero(http->upload_key, sizeof http->upload_key);
	free(http);
}

static void init_locks(struct http *http)
{
	pthread_condattr_t clock;

	pthread_mutex_init(&http->lock, NULL);
	pthread_mutex_init(&http->ready_lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&http->idle, &clock);
	pthread_condattr_destroy(&clock);
}

/* Links begin with the URL that clients use, which is not always where we listen. */
static int choose_url(struct http *http, const char *address, struct vm_error *err)
{
	const char *url = http->server->pipeline->server.public_url;
	size_t length;

	if (url == NULL)
		url = address;
	length = strlen(url);
	while (length > 0 && url[length - 1] == '/')
		length--;
	if (length >= sizeof http->url)
		return vm_fail(err, VM_ERR_CONFIG, "server.public_url: too long");
	memcpy(http->url, url, length);
	return VM_OK;
}

/* Opens the socket, but not to strangers whom nobody asks for a token. */
static int listen_safely(struct http *http, int *out, char *address, size_t size,
                         struct vm_error *err)
{
	const char *listen = http->server->pipeline->server.listen;
	int socket;
	int status = address_listen(listen, &socket, address, size, err);

	if (status != VM_OK)
		return status;
	if (http->tokens == NULL && !address_is_loopback(socket)) {
		close(socket);
		return vm_fail(err, VM_ERR_CONFIG,
		               "server.listen: others can reach %s: set server.tokens, or listen on "
		               "127.0.0.1",
		               listen);
	}
	*out = socket;
	return VM_OK;
}

int http_start_limited(struct server *server, const struct http_limits *limits, struct http **out,
                       char *address, size_t size, struct vm_error *err)
{
	const struct server_settings *settings = &server->pipeline->server;
	struct http *http = calloc(1, sizeof *http);
	int socket;
	int status;

	if (http == NULL)
		return vm_fail_memory(err);
	init_locks(http);
	http->server = server;
	http->limits = *limits;
	random_hex(http->boot, (sizeof http->boot - 1) / 2);
	if ((status = cancel_create(NULL, &http->cancel, err)) != VM_OK ||
	    (status = shelf_create(&http->shelf, err)) != VM_OK ||
	    (status = clients_create(limits->head_ms, &http->clients, err)) != VM_OK ||
	    (settings->tokens != NULL &&
	     (status = tokens_create(settings->tokens, &http->tokens, err)) != VM_OK) ||
	    (status = upload_key_read(settings->upload_key, server->state_dir, http->upload_key,
	                              err)) != VM_OK ||
	    (status = listen_safely(http, &socket, address, size, err)) != VM_OK)
		goto fail;
	if ((status = choose_url(http, address, err)) != VM_OK) {
		close(socket);
		goto fail;
	}
	if ((status = start_daemon(http, socket, err)) != VM_OK)
		goto fail;
	*out = http;
	return VM_OK;

fail:
	destroy(http);
	return status;
}

int http_start(struct server *server, struct http **out, char *address, size_t size,
               struct vm_error *err)
{
	return http_start_limited(server, &http_default_limits, out, address, size, err);
}

static void wait_until_idle(struct http *http, uint64_t drain_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(drain_ms / 1000);
	until.tv_nsec += (long)(drain_ms % 1000) * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&http->lock);
	while (http->active > 0)
		if (pthread_cond_timedwait(&http->idle, &http->lock, &until) != 0)
			break;
	if (http->active > 0)
		log_warning("http: %u requests are cut short", http->active);
	pthread_mutex_unlock(&http->lock);
}

void http_stop(struct http *http, uint64_t drain_ms)
{
	int socket;

	if (http == NULL)
		return;
	http->stopping = true;
	socket = MHD_quiesce_daemon(http->daemon);
	/* Those who wait to be accepted are told at once; closing has to wait for the threads. */
	if (socket >= 0)
		shutdown(socket, SHUT_RDWR);
	wait_until_idle(http, drain_ms);
	cancel_trigger(http->cancel);
	MHD_stop_daemon(http->daemon);
	if (socket >= 0)
		close(socket);
	destroy(http);
}

bool http_take_place(struct http *http, unsigned *taken, unsigned most)
{
	bool free_place;

	pthread_mutex_lock(&http->lock);
	free_place = *taken < most;
	if (free_place)
		++*taken;
	pthread_mutex_unlock(&http->lock);
	return free_place;
}

void http_leave_place(struct http *http, unsigned *taken)
{
	pthread_mutex_lock(&http->lock);
	--*taken;
	pthread_mutex_unlock(&http->lock);
}
