/* http_guard.c - limits, route, token and origin of a request, in this order. */
#include "server/http_guard.h"

#include <arpa/inet.h>
#include <string.h>

#include "video/keys.h"

/* What all headers together say. */
struct head {
	size_t bytes;
	unsigned lengths, encodings, hosts;
	bool is_odd; /* a name with blanks in it, or an encoding that we do not read */
};

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
	struct head *head = cls;

	head->bytes += strlen(name) + (value != NULL ? strlen(value) : 0) + 4;
	if (kind != MHD_HEADER_KIND)
		return MHD_YES;
	head->lengths += strcasecmp(name, "Content-Length") == 0;
	head->hosts += strcasecmp(name, "Host") == 0;
	if (strcasecmp(name, "Transfer-Encoding") == 0) {
		head->encodings++;
		head->is_odd |= value == NULL || strcasecmp(value, "chunked") != 0;
	}
	head->is_odd |= strpbrk(name, " \t\r\n") != NULL;
	return MHD_YES;
}

/*
 * Where a proxy before us and the library could see another end of the body, a
 * second request could hide in it (RFC 9112, 6.3 and 11.2): nothing is guessed.
 */
static int check_framing(struct exchange *exchange, const struct head *head)
{
	if (!head->is_odd && head->hosts <= 1 && head->lengths + head->encodings <= 1)
		return 0;
	reply_header(exchange, "Connection", "close");
	return reply_problem(exchange, 400,
	                     "the headers do not say in one way only where this request ends");
}

static int check_limits(struct exchange *exchange)
{
	const struct http_limits *limits = &exchange->http->limits;
	struct head head = {0};

	if (strlen(exchange->path) > limits->path_bytes)
		return reply_problem(exchange, 414, "the path is longer than the %zu bytes allowed",
		                     limits->path_bytes);
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND | MHD_GET_ARGUMENT_KIND,
	                          add_header, &head);
	if (head.bytes > limits->headers_bytes)
		return reply_problem(exchange, 431,
		                     "headers and query are longer than the %zu bytes allowed",
		                     limits->headers_bytes);
	return check_framing(exchange, &head);
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
