/* peer.c - the other side of connections. */
#include "peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MOST 32
#define REQUESTS_MOST 64
#define REQUEST_BYTES ((size_t)4 << 20)

struct peer {
	const struct peer_step *steps;
	size_t step_count;
	int listener, wake[2];
	char url[64];
	pthread_t thread;
	/* The thread's own. */
	int fds[CONNECTIONS_MOST];
	size_t fd_count;
	pthread_mutex_t lock;
	/* Under the lock: */
	size_t closed; /* connections, by us */
	char *requests[REQUESTS_MOST];
	size_t request_count, connection_count;
};

static int listen_on_loopback(int backlog, char url[64])
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(listen(fd, backlog), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	snprintf(url, 64, "http://127.0.0.1:%u", ntohs(address.sin_port));
	return fd;
}

/* How long the request is of which this is the beginning; 0 when that is not known yet. */
static size_t length_of(const char *bytes)
{
	const char *end = strstr(bytes, "\r\n\r\n");
	const char *length = end != NULL ? strcasestr(bytes, "\r\ncontent-length:") : NULL;

	if (end == NULL)
		return 0;
	return (size_t)(end - bytes) + 4 +
	       (length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

/* NULL when the other side closes first. */
static char *read_request(int fd)
{
	char *bytes = calloc(1, REQUEST_BYTES + 1);
	size_t length = 0, whole = 0;
	ssize_t got = 1;

	while (bytes != NULL && got > 0 && (whole == 0 || length < whole) && length < REQUEST_BYTES) {
		got = recv(fd, bytes + length, REQUEST_BYTES - length, 0);
		if (got > 0)
			length += (size_t)got;
		whole = length_of(bytes);
	}
	if (bytes != NULL && whole > 0 && length >= whole)
		return bytes;
	free(bytes);
	return NULL;
}

static void send_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		length -= (size_t)sent;
	}
}

static void send_answer(int fd, const struct peer_step *step)
{
	char piece[16 << 10];

	if (step->answer != NULL)
		send_all(fd, step->answer, strlen(step->answer));
	memset(piece, 'x', sizeof piece);
	for (size_t left = step->more; left > 0;) {
		size_t length = left < sizeof piece ? left : sizeof piece;

		send_all(fd, piece, length);
		left -= length;
	}
}

static void end(struct peer *peer, size_t index, bool reset)
{
	const struct linger linger = {.l_onoff = 1};

	if (reset)
		setsockopt(peer->fds[index], SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	close(peer->fds[index]);
	peer->fds[index] = -1;
	pthread_mutex_lock(&peer->lock);
	peer->closed++;
	pthread_mutex_unlock(&peer->lock);
}

static void serve(struct peer *peer, size_t index)
{
	static const struct peer_step over = {
	    PEER_CLOSE, "HTTP/1.1 500 Over\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", 0};
	char *request = read_request(peer->fds[index]);
	const struct peer_step *step = &over;

	if (request == NULL) {
		end(peer, index, false);
		return;
	}
	pthread_mutex_lock(&peer->lock);
	if (peer->request_count < peer->step_count)
		step = &peer->steps[peer->request_count];
	if (step->deed == PEER_VANISH) {
		close(peer->listener);
		peer->listener = -1;
	}
	if (peer->request_count < REQUESTS_MOST)
		peer->requests[peer->request_count++] = request;
	else
		free(request);
	pthread_mutex_unlock(&peer->lock);
	send_answer(peer->fds[index], step);
	if (step->deed != PEER_ANSWER && step->deed != PEER_STAY)
		end(peer, index, step->deed == PEER_RESET);
}

static void take(struct peer *peer)
{
	int fd = accept(peer->listener, NULL, NULL);

	if (fd < 0 || peer->fd_count == CONNECTIONS_MOST)
		return;
	peer->fds[peer->fd_count++] = fd;
	pthread_mutex_lock(&peer->lock);
	peer->connection_count++;
	pthread_mutex_unlock(&peer->lock);
}

static void *run(void *ctx)
{
	struct peer *peer = ctx;
	struct pollfd polls[CONNECTIONS_MOST + 2];

	for (;;) {
		size_t count = peer->fd_count;

		polls[0] = (struct pollfd){.fd = peer->wake[0], .events = POLLIN};
		polls[1] = (struct pollfd){.fd = peer->listener, .events = POLLIN};
		for (size_t i = 0; i < count; i++)
			polls[i + 2] = (struct pollfd){.fd = peer->fds[i], .events = POLLIN};
		if (poll(polls, count + 2, -1) < 0 || polls[0].revents != 0)
			return NULL;
		for (size_t i = 0; i < count; i++)
			if (polls[i + 2].revents != 0)
				serve(peer, i);
		if (peer->listener >= 0 && polls[1].revents != 0)
			take(peer);
	}
}

struct peer *peer_start(const struct peer_step *steps, size_t count)
{
	struct peer *peer = calloc(1, sizeof *peer);

	ck_assert_ptr_nonnull(peer);
	peer->steps = steps;
	peer->step_count = count;
	peer->listener = listen_on_loopback(16, peer->url);
	pthread_mutex_init(&peer->lock, NULL);
	ck_assert_int_eq(pipe(peer->wake), 0);
	ck_assert_int_eq(pthread_create(&peer->thread, NULL, run, peer), 0);
	return peer;
}

void peer_stop(struct peer *peer)
{
	ck_assert_int_eq(write(peer->wake[1], "", 1), 1);
	pthread_join(peer->thread, NULL);
	for (size_t i = 0; i < peer->fd_count; i++)
		if (peer->fds[i] >= 0)
			close(peer->fds[i]);
	for (size_t i = 0; i < peer->request_count; i++)
		free(peer->requests[i]);
	if (peer->listener >= 0)
		close(peer->listener);
	close(peer->wake[0]);
	close(peer->wake[1]);
	pthread_mutex_destroy(&peer->lock);
	free(peer);
}

const char *peer_url(const struct peer *peer)
{
	return peer->url;
}

size_t peer_requests(struct peer *peer)
{
	size_t count;

	pthread_mutex_lock(&peer->lock);
	count = peer->request_count;
	pthread_mutex_unlock(&peer->lock);
	return count;
}

size_t peer_connections(struct peer *peer)
{
	size_t count;

	pthread_mutex_lock(&peer->lock);
	count = peer->connection_count;
	pthread_mutex_unlock(&peer->lock);
	return count;
}

const char *peer_request(struct peer *peer, size_t index)
{
	ck_assert_uint_lt(index, peer_requests(peer));
	return peer->requests[index];
}

static size_t closed(struct peer *peer)
{
	size_t count;

	pthread_mutex_lock(&peer->lock);
	count = peer->closed;
	pthread_mutex_unlock(&peer->lock);
	return count;
}

void peer_wait_closed(struct peer *peer, size_t connections)
{
	const struct timespec pause = {.tv_nsec = 5000000};

	for (int i = 0; i < 2000 && closed(peer) < connections; i++)
		nanosleep(&pause, NULL);
	ck_assert_uint_ge(closed(peer), connections);
}

void peer_wait(struct peer *peer, size_t requests)
{
	const struct timespec pause = {.tv_nsec = 5000000};

	for (int i = 0; i < 2000 && peer_requests(peer) < requests; i++)
		nanosleep(&pause, NULL);
	ck_assert_uint_ge(peer_requests(peer), requests);
}

const char *peer_deaf_url(bool stands)
{
	static char url[64];
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	int listener = listen_on_loopback(stands ? 16 : 0, url);

	/* Until the queue is full. They are left open for the rest of the test's process. */
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	for (int i = 0; i < 4 && !stands; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		ck_assert_int_ge(fd, 0);
		(void)connect(fd, (struct sockaddr *)&address, length);
	}
	return url;
}
