/* http.h - HTTP exchanges by libcurl: kept connections, limits of every kind, cancellation. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <vidmill/stream.h>

#include "http/headers.h"
#include "kit/buffer.h"

struct http_settings {
	const char *ca_file; /* authorities to trust, PEM; NULL: the system's. Borrowed for ever. */
	uint64_t connect_ms; /* until a connection stands, TLS included */
	uint64_t quiet_ms;   /* without a byte in either direction */
};

/*
 * Connections that are kept for the next exchange. [any thread] Each exchange
 * in flight has a connection to itself, so there are as many as were ever busy
 * at once. The certificate of the other side is always verified.
 */
struct http;

int http_create(const struct http_settings *settings, struct http **out, struct vm_error *err);
void http_destroy(struct http *http); /* no exchange is in flight; NULL is allowed */

struct http_request {
	const char *method;
	const char *url; /* http or https; sent exactly so, neither encoded nor tidied */
	const struct http_headers *headers; /* NULL: none */
	const void *body;
	size_t length;
	/* Takes the body of a 2xx answer piece by piece; NULL: it goes into answer->body. */
	struct vm_sink *sink;
	uint64_t patience_ms; /* for how much longer than quiet_ms the answer may be awaited */
	bool direct;          /* no proxy, whatever the environment says */
	bool once; /* not sent a second time: who did it twice would be refused, or have done two */
};

/* Of the last exchange. Zeroed before the first one; http_answer_finish frees it. */
struct http_answer {
	int status; /* 200, 404, … */
	struct http_headers headers;
	struct kit_buffer body;
};

void http_answer_finish(struct http_answer *answer);

/*
 * One exchange, without redirects. A request is sent a second time only when a
 * kept connection closes before the first byte of an answer, unless it is to be
 * sent once. VM_OK whenever an answer came in full, whatever its status says. When
 * there is none:
 * VM_ERR_UNAVAILABLE if nothing can have happened at the other side (not
 * reached, or the method is GET or HEAD); VM_ERR_TIMEOUT if it may have, or if
 * the time is up; what the sink returned; VM_ERR_CANCELLED.
 */
int http_exchange(struct http *http, const struct http_request *request, struct http_answer *answer,
                  const struct vm_call *call, struct vm_error *err);

#endif
