/* peer.h - the other side of connections: does as it is told, and remembers what it was asked. */
#ifndef TESTS_UNIT_HTTP_PEER_H
#define TESTS_UNIT_HTTP_PEER_H

#include <stdbool.h>
#include <stddef.h>

enum peer_deed {
	PEER_ANSWER = 1, /* and keeps the connection */
	PEER_CLOSE,      /* answers (NULL: nothing), then closes */
	PEER_RESET,      /* closes so that the other side is told of a broken connection */
	PEER_STAY,       /* answers (NULL: nothing), and is then silent for ever */
	PEER_VANISH,     /* closes this connection and takes no other one */
};

/* What is done with one request, once it is read. */
struct peer_step {
	enum peer_deed deed;
	const char *answer;
	size_t more; /* bytes 'x' behind the answer */
};

/* One thread on a port of the loopback. Requests are answered in the order in which they come. */
struct peer;

/* `steps` is borrowed; requests beyond them are answered 500. Ends the test when it cannot. */
struct peer *peer_start(const struct peer_step *steps, size_t count);
void peer_stop(struct peer *peer);

#define PEER_START(steps) peer_start(steps, sizeof(steps) / sizeof *(steps))

const char *peer_url(const struct peer *peer); /* "http://127.0.0.1:40001" */

/* Waits until so many requests are there, ten seconds at most. */
void peer_wait(struct peer *peer, size_t requests);

/* Until the peer has closed so many connections; the other side can see it then. */
void peer_wait_closed(struct peer *peer, size_t connections);

size_t peer_requests(struct peer *peer);
size_t peer_connections(struct peer *peer);

/* The whole request, head and body; NUL-terminated, the peer's. */
const char *peer_request(struct peer *peer, size_t index);

/*
 * An address where nobody takes a connection: it stands (the kernel sees to it),
 * and what is sent stays in the pipe; or it never stands, for the queue is full.
 */
const char *peer_deaf_url(bool stands);

#endif
