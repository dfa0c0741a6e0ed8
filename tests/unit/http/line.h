/* line.h - exchanges with a peer, in few words. */
#ifndef TESTS_UNIT_HTTP_LINE_H
#define TESTS_UNIT_HTTP_LINE_H

#include "http/http.h"
#include "patience.h"
#include "peer.h"
#include "run.h"

#define OK_EMPTY "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
#define OK_HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Name:  a b \r\n\r\nhello"

/* What every test has: opened before it, closed after it. */
struct line {
	struct http *http;
	struct http_answer answer;
	struct vm_error err;
	char url[128];
};

extern struct line line;

void line_open(void); /* connects within 1 s, waits 1 s for a byte */
void line_close(void);

/* The status; `url` is that of the peer or another, "/a" is put behind it. */
int line_ask(const char *method, const char *url, const struct vm_call *call);
int line_send(const char *method, const char *url, const void *body, size_t length,
              const struct vm_call *call);

#endif
