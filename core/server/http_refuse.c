/* http_refuse.c - an early answer, and a close that does not swallow it. */
#include "server/http_refuse.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "support/clock.h"

enum { LINGER_MS = 2000, LINGER_BYTES = 64 << 20, SEND_MS = 2000 };

static int socket_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info != NULL ? info->connect_fd : -1;
}

static bool wait_for(int socket, short events, int64_t until_ms)
{
	struct pollfd wanted = {.fd = socket, .events = events};
	int64_t left_ms = until_ms - clock_monotonic_ms();

	return left_ms > 0 && poll(&wanted, 1, (int)left_ms) > 0;
}

static void send_all(int socket, const char *bytes, size_t length)
{
	int64_t until_ms = clock_monotonic_ms() + SEND_MS;

	while (length > 0) {
		ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0) {
			bytes += sent;
			length -= (size_t)sent;
		} else if (errno != EINTR && (errno != EAGAIN || !wait_for(socket, POLLOUT, until_ms))) {
			return;
		}
	}
}

void refuse_send(struct exchange *exchange)
{
	const struct answer *answer = &exchange->answer;
	int socket = socket_of(exchange->connection);
	struct buffer text;
	int status;

	buffer_init(&text, 16384);
	status = buffer_print(
	    &text, NULL, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n",
	    answer->status, MHD_get_reason_phrase_for((unsigned)answer->status), answer->length);
	if (status == VM_OK && answer->content_type[0] != '\0')
		status = buffer_print(&text, NULL, "Content-Type: %s\r\n", answer->content_type);
	for (size_t i = 0; i < answer->n_headers && status == VM_OK; i++)
		status = buffer_print(&text, NULL, "%s: %s\r\n", answer->headers[i].name,
		                      answer->headers[i].value);
	if (status == VM_OK)
		status = buffer_append(&text, "\r\n", 2, NULL);
	if (status == VM_OK && answer->length > 0)
		status = buffer_append(&text, answer->text, answer->length, NULL);
	if (status == VM_OK)
		send_all(socket, text.bytes, text.length);
	buffer_finish(&text);
}

void refuse_linger(struct MHD_Connection *connection)
{
	int socket = socket_of(connection);
	int64_t until_ms = clock_monotonic_ms() + LINGER_MS;
	size_t left = LINGER_BYTES;
	char scratch[16384];

	shutdown(socket, SHUT_WR);
	while (left > sizeof scratch && wait_for(socket, POLLIN, until_ms)) {
		ssize_t got = recv(socket, scratch, sizeof scratch, MSG_DONTWAIT);

		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
			return;
		left -= got > 0 ? (size_t)got : 0;
	}
}
