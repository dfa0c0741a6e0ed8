/* http_internal.h - a running HTTP API, as its own files see it. */
#ifndef SERVER_HTTP_INTERNAL_H
#define SERVER_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/http.h"
#include "server/http_clients.h"
#include "server/tokens.h"
#include "server/upload_key.h"

struct shelf;

/* What strangers may take of this process. */
struct http_limits {
	unsigned connections;
	unsigned connections_per_address;
	unsigned uploads; /* at once: each has a part in memory */
	unsigned streams; /* of events, at once: each has a connection for as long as it likes */
	unsigned idle_s;  /* a connection on which nothing moves is closed */
	unsigned
	    head_ms; /* in which the head of a request must have come, idleness before it included */
	unsigned body_ms; /* in which a whole JSON body must have come */
	/* A source comes no slower than so many bytes a second, all in all, after its first time. */
	unsigned upload_ms, upload_bytes_s;
	size_t body_bytes;
	size_t headers_bytes;
	size_t path_bytes;
};

extern const struct http_limits http_default_limits;

struct http {
	struct server *server;
	struct http_limits limits;
	struct MHD_Daemon *daemon;
	struct clients *clients;
	struct shelf *shelf;
	struct tokens *tokens; /* NULL: nobody is asked for one */
	char url[512];         /* what the links of answers begin with */
	char upload_key[UPLOAD_KEY_MAX];
	char boot[17]; /* of this process: numbers of the feed mean nothing in another */

	atomic_bool stopping;  /* streams of events end, connections are not kept */
	struct cancel *cancel; /* cuts short what requests in hand ask of the places */

	pthread_mutex_t lock; /* the numbers below */
	pthread_cond_t idle;
	unsigned active, uploads, streams;
	uint64_t answered[6]; /* requests by the first digit of their status; [0] unused */

	pthread_mutex_t ready_lock; /* held while asking: one readiness check at a time */
	int64_t ready_ms;           /* when `ready` was found; 0: not yet */
	json_t *ready;
	bool is_ready;
};

int http_start_limited(struct server *server, const struct http_limits *limits, struct http **out,
                       char *address, size_t size, struct vm_error *err);

/* Takes one of `most` places of *taken; false when there is none left. */
bool http_take_place(struct http *http, unsigned *taken, unsigned most);
void http_leave_place(struct http *http, unsigned *taken);

/* MHD's callbacks: a request from its first byte to its last. */
enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *data,
                                size_t *size, void **state);
void http_on_completed(void *cls, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode code);

#endif
