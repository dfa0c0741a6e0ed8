/* http_exchange.h - one request and the answer to it, as the handlers of the API see them. */
#ifndef SERVER_HTTP_EXCHANGE_H
#define SERVER_HTTP_EXCHANGE_H

#include <jansson.h>
#include <microhttpd.h>

#include "server/http_internal.h"
#include "server/http_route.h"
#include "support/buffer.h"
#include "support/call.h"

enum { ANSWER_HEADERS_MAX = 8, ANSWER_VALUE_MAX = 1024 };

/* What will be sent: a text, or a stream. */
struct answer {
	int status;             /* of HTTP; 0: nothing was answered yet */
	char content_type[128]; /* empty: none */
	char *text;             /* owned */
	size_t length;
	struct MHD_Response *stream; /* owned; NULL: the text is it */
	struct answer_header {
		const char *name;
		char value[ANSWER_VALUE_MAX];
	} headers[ANSWER_HEADERS_MAX];
	size_t n_headers;
};

/* Lives from a request's head to the last byte of its answer, on one thread. */
struct exchange {
	struct http *http;
	struct server *server;
	struct MHD_Connection *connection;
	const char *method, *path;
	struct route_match match;
	const struct token *token; /* NULL: nobody is asked for one */
	const char *owner;         /* whose videos may be seen; NULL: everybody's */
	struct call call;          /* for what the handler asks of the places */
	int64_t started_ms;

	struct buffer body; /* of JSON, as it comes */
	json_t *json;       /* the body's object, an empty one when none was sent; owned */
	void *upload;       /* body_upload's own */

	struct answer answer;
	bool unread; /* it was answered before its body had come */
};

/* NULL when it was not sent. */
const char *exchange_query(struct exchange *exchange, const char *name);
const char *exchange_header(struct exchange *exchange, const char *name);
bool exchange_has_body(struct exchange *exchange);

/* A whole number of the query; false when it is none of the range, and a 400 was answered. */
bool exchange_query_number(struct exchange *exchange, const char *name, uint32_t least,
                           uint32_t most, uint32_t fallback, uint32_t *out);

/*
 * Each of these is the answer; all return its status, so that a handler ends
 * with `return reply_…`. Only the first counts.
 */
int reply_json(struct exchange *exchange, int status, json_t *json); /* takes `json`; may be NULL */
int reply_text(struct exchange *exchange, int status, const char *content_type, char *text,
               size_t length); /* takes `text`, made by malloc */
int reply_empty(struct exchange *exchange, int status);

/* What is read from a stream; see MHD_create_response_from_callback. */
struct stream {
	uint64_t bytes; /* MHD_SIZE_UNKNOWN: until it ends */
	size_t block_bytes;
	MHD_ContentReaderCallback read;
	void *ctx;
	MHD_ContentReaderFreeCallback free; /* called in any case */
};
int reply_stream(struct exchange *exchange, int status, const char *content_type,
                 const struct stream *stream);

/* RFC 9457. The detail is a sentence or two that say what to do. */
int reply_problem(struct exchange *exchange, int status, const char *format, ...) VM_PRINTF(3, 4);
/* What a failed operation means to a client. */
int reply_error(struct exchange *exchange, const struct vm_error *err);

/* Goes with the answer, given before or after it. `name` is borrowed. */
void reply_header(struct exchange *exchange, const char *name, const char *format, ...)
    VM_PRINTF(3, 4);

/* Hands the answer to the library. */
enum MHD_Result reply_send(struct exchange *exchange);

#endif
