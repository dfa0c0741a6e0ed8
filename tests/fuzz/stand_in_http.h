/* stand_in_http.h - a stand-in for libmicrohttpd: requests without a socket or a thread. */
#ifndef TESTS_FUZZ_STAND_IN_HTTP_H
#define TESTS_FUZZ_STAND_IN_HTTP_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#define STAND_IN_VALUES_MAX 64

struct stand_in_value {
	enum MHD_ValueKind kind;
	const char *name, *value; /* value NULL: "?name" without '=' */
};

/* A request as the library would have taken it apart. */
struct stand_in_request {
	const char *method, *path;
	struct stand_in_value values[STAND_IN_VALUES_MAX]; /* headers and the query */
	size_t n_values;
	const char *body;
	size_t length;
	size_t piece; /* the body comes in pieces of so many bytes */
};

struct stand_in_answer {
	unsigned status; /* 0: the connection was closed without one */
	bool early;      /* before the body had come, by the server itself */
	struct stand_in_value headers[STAND_IN_VALUES_MAX];
	size_t n_headers;
	char *text; /* owned; NUL-terminated; of a stream that breaks off what came before */
	size_t length;
	bool broken; /* a stream that ended with an error */
};

/* Hands the request to the server that was started last. */
void stand_in_ask(const struct stand_in_request *request, struct stand_in_answer *out);
void stand_in_finish(struct stand_in_answer *answer);

/* NULL when the answer has no such header. */
const char *stand_in_header(const struct stand_in_answer *answer, const char *name);

#endif
