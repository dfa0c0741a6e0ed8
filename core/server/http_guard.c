/* http_guard.c - limits, route, token and origin of a request, in this order. */
#include "server/http_guard.h"

#include <arpa/inet.h>
#include <string.h>

#include "video/keys.h"

static enum MHD_Result add_length(void *cls, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
	size_t *length = cls;

	(void)kind;
	*length += strlen(name) + (value != NULL ? strlen(value) : 0) + 4;
	return MHD_YES;
}

static int check_limits(struct exchange *exchange)
{
	const struct http_limits *limits = &exchange->http->limits;
	size_t headers = 0;

	if (strlen(exchange->path) > limits->path_bytes)
		return reply_problem(exchange, 414, "the path is longer than the %zu bytes allowed",
		                     limits->path_bytes);
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND | MHD_GET_ARGUMENT_KIND,
	                          add_length, &headers);
	if (headers > limits->headers_bytes)
		return reply_problem(exchange, 431,
		                     "headers and query are longer than the %zu bytes allowed",
		                     limits->headers_bytes);
	return 0;
}

static int check_route(struct exchange *exchange)
{
	struct route_match *match = &exchange->match;

	route_find(exchange->method, exchange->path, match);
	if (match->route == NULL && match->allow[0] != '\0') {
		reply_header(exchange, "Allow", "%s", match->allow);
		return reply_problem(exchange, 405, "%s is not for this path; it takes %s",
		                     exchange->method, match->allow);
	}
	if (match->route == NULL)
		return reply_problem(exchange, 404, "there is no such path: docs/http-api.md lists them");
	return 0;
}

static int check_token(struct exchange *exchange)
{
	const char *header = exchange_header(exchange, "Authorization");
	const char *scheme = "Bearer ";

	if (header != NULL && strncasecmp(header, scheme, strlen(scheme)) == 0)
		exchange->token = tokens_find(exchange->http->tokens, header + strlen(scheme));
	if (exchange->token == NULL) {
		reply_header(exchange, "WWW-Authenticate", "Bearer realm=\"vidmill\"%s",
		             header != NULL ? ", error=\"invalid_token\"" : "");
		return reply_problem(exchange, 401, "%s",
		                     header != NULL ? "this token is not known here"
		                                    : "send a token: Authorization: Bearer TOKEN");
	}
	exchange->owner = exchange->token->is_operator ? NULL : exchange->token->name;
	return 0;
}

/* The host of "host", "host:port" or "[::1]:port"; false: it does not fit, or is none. */
static bool read_host(const char *text, char *host, size_t size)
{
	bool bracket = text[0] == '[';
	size_t length = bracket ? strcspn(++text, "]") : strcspn(text, ":/");

	if (length == 0 || length >= size)
		return false;
	memcpy(host, text, length);
	host[length] = '\0';
	return true;
}

static bool is_own_host(const struct http *http, const char *host)
{
	const char *url = http->server->pipeline->server.public_url;
	unsigned char address[sizeof(struct in6_addr)];
	char own[256];

	if (strcasecmp(host, "localhost") == 0 || inet_pton(AF_INET, host, address) == 1 ||
	    inet_pton(AF_INET6, host, address) == 1)
		return true;
	if (url == NULL || (url = strstr(url, "://")) == NULL)
		return false;
	return read_host(url + 3, own, sizeof own) && strcasecmp(own, host) == 0;
}

/*
 * Where nobody needs a token, a web page that somebody on this machine looks at
 * must not speak in his name: neither from its own site (Origin), nor by a name
 * of its own that it lets point here (Host).
 */
static int check_origin(struct exchange *exchange)
{
	const char *origin = exchange_header(exchange, "Origin");
	const char *host = exchange_header(exchange, "Host");
	const char *site = origin != NULL ? strstr(origin, "://") : NULL;
	char name[256];

	if (host != NULL && (!read_host(host, name, sizeof name) || !is_own_host(exchange->http, name)))
		return reply_problem(exchange, 403,
		                     "this server is not known by the name in the header Host: set "
		                     "server.public_url, or ask for it by its address");
	if (origin != NULL && (site == NULL || host == NULL || strcasecmp(site + 3, host) != 0))
		return reply_problem(exchange, 403,
		                     "pages of other sites are not let in without a token: set "
		                     "server.tokens");
	return 0;
}

int guard_request(struct exchange *exchange)
{
	const struct route_match *match = &exchange->match;
	int status;

	if ((status = check_limits(exchange)) != 0 || (status = check_route(exchange)) != 0)
		return status;
	if ((match->route->flags & ROUTE_OPEN) == 0) {
		status = exchange->http->tokens != NULL ? check_token(exchange) : check_origin(exchange);
		if (status != 0)
			return status;
	}
	if (strstr(match->route->pattern, "{video}") != NULL && !video_id_is_valid(match->value))
		return reply_problem(exchange, 404, "there is no video %s", match->value);
	return 0;
}
