/* wire.c - HTTP by the byte over a plain socket. */
#include "wire.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

int wire_connect(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(fd, 0);
	ck_assert_msg(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect: %s",
	              strerror(errno));
	return fd;
}

/* The other side may have answered and closed before all was sent: that is for the test to see. */
void wire_send(int socket, const void *bytes, size_t length)
{
	const char *next = bytes;

	while (length > 0) {
		ssize_t sent = send(socket, next, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		next += sent;
		length -= (size_t)sent;
	}
}

static ssize_t receive(int socket, char *bytes, size_t size)
{
	struct pollfd wanted = {.fd = socket, .events = POLLIN};

	ck_assert_msg(poll(&wanted, 1, PATIENCE_MS) == 1, "the server says nothing");
	return recv(socket, bytes, size, 0);
}

bool wire_wait(int socket, const char *text, char *seen, size_t size)
{
	size_t length = 0;

	seen[0] = '\0';
	while (strstr(seen, text) == NULL) {
		ssize_t got;

		ck_assert_msg(length + 1 < size, "\"%s\" does not come: %s", text, seen);
		got = receive(socket, seen + length, size - length - 1);
		if (got <= 0)
			return false;
		length += (size_t)got;
		seen[length] = '\0';
	}
	return true;
}

void wire_finish(int socket, struct wire_answer *out)
{
	size_t capacity = 1 << 16;
	size_t length = 0;
	char *text = malloc(capacity);
	char *start = text;
	char *end;
	ssize_t got;

	while ((got = receive(socket, text + length, capacity - length - 1)) > 0) {
		length += (size_t)got;
		if (capacity - length < 1024)
			text = realloc(text, capacity *= 2);
	}
	close(socket);
	text[length] = '\0';
	start = text;
	if (strncmp(start, "HTTP/1.1 100", 12) == 0)
		start = strstr(start, "\r\n\r\n") + 4;
	*out = (struct wire_answer){0};
	end = strstr(start, "\r\n\r\n");
	if (end != NULL) {
		size_t head = (size_t)(end - start);

		out->status = (int)strtol(start + 9, NULL, 10);
		out->head = strndup(start, head + 2);
		out->length = length - (size_t)(start - text) - head - 4;
		out->body = malloc(out->length + 1);
		memcpy(out->body, end + 4, out->length);
		out->body[out->length] = '\0';
	}
	free(text);
}

void wire_ask_bytes(int port, const char *line, const char *headers, const void *body,
                    size_t length, struct wire_answer *out)
{
	char head[65536];
	char extra[64] = "";
	int socket = wire_connect(port);

	if (body != NULL)
		snprintf(extra, sizeof extra, "Content-Length: %zu\r\n", length);
	snprintf(head, sizeof head, "%s HTTP/1.1\r\n%s%s%sConnection: close\r\n\r\n", line,
	         strstr(headers, "Host:") != NULL ? "" : "Host: localhost\r\n", extra, headers);
	wire_send(socket, head, strlen(head));
	if (body != NULL)
		wire_send(socket, body, length);
	wire_finish(socket, out);
}

void wire_ask(int port, const char *line, const char *headers, const char *body,
              struct wire_answer *out)
{
	wire_ask_bytes(port, line, headers, body, body != NULL ? strlen(body) : 0, out);
}

void wire_free(struct wire_answer *answer)
{
	free(answer->head);
	free(answer->body);
	*answer = (struct wire_answer){0};
}

const char *wire_header(const struct wire_answer *answer, const char *name)
{
	static char value[2048];
	size_t length = strlen(name);

	for (const char *line = answer->head; line != NULL && *line != '\0';) {
		const char *end = strstr(line, "\r\n");

		if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
			line += length + 1 + strspn(line + length + 1, " ");
			snprintf(value, sizeof value, "%.*s", (int)(end - line), line);
			return value;
		}
		line = end + 2;
	}
	return "";
}
