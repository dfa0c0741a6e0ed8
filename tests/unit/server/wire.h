/* wire.h - HTTP by the byte: what a test wants to send, also what no client library would. */
#ifndef TESTS_SERVER_WIRE_H
#define TESTS_SERVER_WIRE_H

#include <stddef.h>

#include <vidmill/base.h>

struct wire_answer {
	int status; /* 0: the connection was closed without an answer */
	char *head; /* status line and headers */
	char *body;
	size_t length;
};

/* A connection to 127.0.0.1; the test fails when there is none. */
int wire_connect(int port);
void wire_send(int socket, const void *bytes, size_t length);
/* As much as comes until `text` was seen or the connection was closed; false: closed. */
bool wire_wait(int socket, const char *text, char *seen, size_t size);
/* Reads to the end of the connection, which it closes. An interim answer is passed over. */
void wire_finish(int socket, struct wire_answer *out);

/*
 * One request: "POST /v1/videos", more header lines ("A: b\r\n", may be ""), and
 * a body (may be NULL). Host, Connection and, with a body, Content-Length are added.
 */
void wire_ask(int port, const char *line, const char *headers, const char *body,
              struct wire_answer *out);
void wire_ask_bytes(int port, const char *line, const char *headers, const void *body,
                    size_t length, struct wire_answer *out);
void wire_free(struct wire_answer *answer);

/* A header's value, "" when it is not there; valid until the next call. */
const char *wire_header(const struct wire_answer *answer, const char *name);

#endif
