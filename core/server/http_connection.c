/* http_connection.c - a request from its first byte to its last, as the library tells of it. */
#include <inttypes.h>
#include <stdlib.h>

#include "server/http_exchange.h"
#include "server/http_guard.h"
#include "server/http_refuse.h"
#include "support/clock.h"
#include "support/log.h"

/* A handler has this long for all that it asks of the places. */
enum { HANDLER_MS = 20000 };

static void count_active(struct http *http, int more)
{
	pthread_mutex_lock(&http->lock);
	http->active += (unsigned)more;
	if (http->active == 0)
		pthread_cond_broadcast(&http->idle);
	pthread_mutex_unlock(&http->lock);
}

static struct exchange *open_exchange(struct http *http, struct MHD_Connection *connection,
                                      const char *method, const char *path)
{
	struct exchange *exchange = calloc(1, sizeof *exchange);

	if (exchange == NULL)
		return NULL;
	exchange->http = http;
	exchange->server = http->server;
	exchange->connection = connection;
	exchange->method = method;
	exchange->path = path;
	exchange->started_ms = clock_monotonic_ms();
	call_init(&exchange->call, http->cancel, HANDLER_MS);
	count_active(http, 1);
	return exchange;
}

static void close_exchange(struct exchange *exchange)
{
	struct http *http = exchange->http;
	const struct route *route = exchange->match.route;
	struct answer *answer = &exchange->answer;

	if (route != NULL && route->body != NULL && route->body->drop != NULL)
		route->body->drop(exchange);
	if (answer->stream != NULL)
		MHD_destroy_response(answer->stream);
	free(answer->text);
	/* The path alone: a query may be a credential. */
	log_debug("%s %s: %d in %" PRId64 " ms", exchange->method, exchange->path, answer->status,
	          clock_monotonic_ms() - exchange->started_ms);
	pthread_mutex_lock(&http->lock);
	http->answered[answer->status / 100 % 6]++;
	pthread_mutex_unlock(&http->lock);
	free(exchange);
	count_active(http, -1);
}

static enum MHD_Result on_head(struct exchange *exchange)
{
	const struct body_kind *body;
	int status = guard_request(exchange);

	body = status == 0 ? exchange->match.route->body : NULL;
	if (body != NULL)
		status = body->begin(exchange);
	if (status == 0)
		return MHD_YES;
	exchange->unread = exchange_has_body(exchange);
	/* The library closes a connection that is answered here; without a body it need not be. */
	return exchange->unread ? reply_send(exchange) : MHD_YES;
}

static enum MHD_Result on_bytes(struct exchange *exchange, const char *bytes, size_t *size)
{
	const struct body_kind *body = exchange->match.route->body;

	if (body != NULL && body->take(exchange, bytes, *size) != 0) {
		exchange->unread = true;
		refuse_send(exchange);
		return MHD_NO;
	}
	*size = 0;
	return MHD_YES;
}

static enum MHD_Result on_end(struct exchange *exchange)
{
	const struct route *route = exchange->match.route;
	int status = exchange->answer.status;

	if (status != 0)
		return reply_send(exchange);
	if (route->body != NULL && route->body->end != NULL)
		status = route->body->end(exchange);
	/* A long upload used its own time; what follows it has the time of any other request. */
	call_init(&exchange->call, exchange->http->cancel, HANDLER_MS);
	if (status == 0)
		route->handle(exchange);
	return reply_send(exchange);
}

/*
 * The library counts the time in which storage is busy as the client's idleness
 * and would close the connection before the answer; so the clock stands still
 * while we work. Setting it again starts it anew.
 */
static void limit_idleness(struct MHD_Connection *connection, unsigned seconds)
{
	MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *data,
                                size_t *size, void **state)
{
	struct http *http = cls;
	struct exchange *exchange = *state;
	enum MHD_Result result;

	(void)version;
	if (exchange == NULL && (exchange = open_exchange(http, connection, method, url)) == NULL)
		return MHD_NO;
	limit_idleness(connection, 0);
	if (*state == NULL) {
		clients_head_came(connection);
		*state = exchange;
		result = on_head(exchange);
	} else if (*size > 0) {
		result = on_bytes(exchange, data, size);
	} else {
		result = on_end(exchange);
	}
	limit_idleness(connection, http->limits.idle_s);
	return result;
}

void http_on_completed(void *cls, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *state;

	(void)cls;
	(void)code;
	if (exchange == NULL)
		return;
	if (exchange->unread)
		refuse_linger(connection);
	close_exchange(exchange);
	*state = NULL;
	clients_request_ended(connection);
}
