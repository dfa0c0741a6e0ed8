/* http_route.h - which handler a method and a path belong to. */
#ifndef SERVER_HTTP_ROUTE_H
#define SERVER_HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;

/* Answers by one of the reply functions and returns what that returned. */
typedef int handler_fn(struct exchange *exchange);

/* How a request's body is taken in. A body of a route that has no kind is passed over. */
struct body_kind {
	/* The head is there, nothing of the body is. Not 0: it was answered, no body is wanted. */
	handler_fn *begin;
	/* Some bytes of it. Not 0: it was answered, no more is wanted. */
	int (*take)(struct exchange *exchange, const void *bytes, size_t length);
	/* All of it is there. Not 0: it was answered, and the handler is not asked. NULL: nothing. */
	handler_fn *end;
	/* The exchange is over, however it went. NULL: nothing. */
	void (*drop)(struct exchange *exchange);
};

extern const struct body_kind body_json;   /* http_body.c */
extern const struct body_kind body_upload; /* api_uploads.c */

enum route_flag {
	ROUTE_OPEN = 1 << 0 /* asks for no bearer token */
};

struct route {
	const char *method; /* a GET answers HEAD as well */
	/* {video} is an id, {letter} one segment, {name} all that is left. */
	const char *pattern;
	unsigned flags;
	const struct body_kind *body;
	handler_fn *handle;
};

extern const struct route http_routes[]; /* ended by one without method */

#define ROUTE_VALUE_MAX 257

struct route_match {
	const struct route *route;   /* NULL: none fits */
	char value[ROUTE_VALUE_MAX]; /* of {video} or {letter} */
	char name[ROUTE_VALUE_MAX];  /* of {name} */
	char allow[64];              /* the methods that the path has; empty: there is no such path */
};

void route_find(const char *method, const char *path, struct route_match *out);

#endif
