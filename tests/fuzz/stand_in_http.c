/* stand_in_http.c - the functions of libmicrohttpd that the server calls, over plain memory. */
#include "stand_in_http.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"

enum { BLOCK_BYTES = 4096, BLOCKS_MAX = 400, EARLY_MAX = 1 << 16 };

struct MHD_Daemon {
	MHD_AccessHandlerCallback handle;
	void *cls;
	MHD_RequestCompletedCallback completed;
	void *completed_cls;
	MHD_NotifyConnectionCallback notify;
	void *notify_cls;
};

struct MHD_Response {
	unsigned users;
	char *text;
	size_t length;
	uint64_t bytes; /* of a stream */
	MHD_ContentReaderCallback read;
	MHD_ContentReaderFreeCallback free;
	void *ctx;
	struct stand_in_value headers[STAND_IN_VALUES_MAX];
	size_t n_headers;
};

struct MHD_Connection {
	const struct stand_in_request *request;
	struct stand_in_answer *answer;
	struct MHD_Response *response;
	union MHD_ConnectionInfo socket, context;
};

static struct MHD_Daemon the_daemon;

struct MHD_Daemon *MHD_start_daemon(unsigned flags, uint16_t port, MHD_AcceptPolicyCallback accept,
                                    void *accept_cls, MHD_AccessHandlerCallback handle, void *cls,
                                    ...)
{
	enum MHD_OPTION option;
	va_list options;

	(void)flags, (void)port, (void)accept, (void)accept_cls;
	the_daemon = (struct MHD_Daemon){.handle = handle, .cls = cls};
	va_start(options, cls);
	while ((option = va_arg(options, enum MHD_OPTION)) != MHD_OPTION_END) {
		switch (option) {
		case MHD_OPTION_EXTERNAL_LOGGER:
			(void)va_arg(options, void *);
			(void)va_arg(options, void *);
			break;
		case MHD_OPTION_NOTIFY_COMPLETED:
			the_daemon.completed = va_arg(options, MHD_RequestCompletedCallback);
			the_daemon.completed_cls = va_arg(options, void *);
			break;
		case MHD_OPTION_NOTIFY_CONNECTION:
			the_daemon.notify = va_arg(options, MHD_NotifyConnectionCallback);
			the_daemon.notify_cls = va_arg(options, void *);
			break;
		case MHD_OPTION_LISTEN_SOCKET:
			close(va_arg(options, int));
			break;
		case MHD_OPTION_CONNECTION_MEMORY_LIMIT:
			(void)va_arg(options, size_t);
			break;
		default:
			(void)va_arg(options, unsigned);
		}
	}
	va_end(options);
	fuzz_expect(the_daemon.completed != NULL && the_daemon.notify != NULL);
	return &the_daemon;
}

MHD_socket MHD_quiesce_daemon(struct MHD_Daemon *daemon)
{
	(void)daemon;
	return MHD_INVALID_SOCKET;
}

void MHD_stop_daemon(struct MHD_Daemon *daemon)
{
	(void)daemon;
}

const char *MHD_lookup_connection_value(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                                        const char *key)
{
	const struct stand_in_request *request = connection->request;

	for (size_t i = 0; i < request->n_values; i++)
		if ((request->values[i].kind & kind) != 0 && strcasecmp(request->values[i].name, key) == 0)
			return request->values[i].value;
	return NULL;
}

int MHD_get_connection_values(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                              MHD_KeyValueIterator iterator, void *cls)
{
	const struct stand_in_request *request = connection->request;
	int count = 0;

	for (size_t i = 0; i < request->n_values; i++)
		if ((request->values[i].kind & kind) != 0) {
			count++;
			if (iterator(cls, request->values[i].kind, request->values[i].name,
			             request->values[i].value) == MHD_NO)
				break;
		}
	return count;
}

enum MHD_Result MHD_set_connection_option(struct MHD_Connection *connection,
                                          enum MHD_CONNECTION_OPTION option, ...)
{
	(void)connection, (void)option;
	return MHD_YES;
}

const union MHD_ConnectionInfo *MHD_get_connection_info(struct MHD_Connection *connection,
                                                        enum MHD_ConnectionInfoType type, ...)
{
	fuzz_expect(type == MHD_CONNECTION_INFO_CONNECTION_FD ||
	            type == MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return type == MHD_CONNECTION_INFO_CONNECTION_FD ? &connection->socket : &connection->context;
}

struct MHD_Response *MHD_create_response_from_buffer(size_t size, void *buffer,
                                                     enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = calloc(1, sizeof *response);

	fuzz_expect(response != NULL && mode == MHD_RESPMEM_MUST_COPY);
	response->users = 1;
	response->length = size;
	response->text = calloc(1, size + 1);
	fuzz_expect(response->text != NULL);
	if (size > 0)
		memcpy(response->text, buffer, size);
	return response;
}

struct MHD_Response *MHD_create_response_from_callback(uint64_t size, size_t block_size,
                                                       MHD_ContentReaderCallback read, void *ctx,
                                                       MHD_ContentReaderFreeCallback free_ctx)
{
	struct MHD_Response *response = calloc(1, sizeof *response);

	fuzz_expect(response != NULL && block_size > 0);
	*response = (struct MHD_Response){
	    .users = 1, .bytes = size, .read = read, .free = free_ctx, .ctx = ctx};
	return response;
}

/* As strict as the library: a header stays one header. */
enum MHD_Result MHD_add_response_header(struct MHD_Response *response, const char *name,
                                        const char *value)
{
	struct stand_in_value *header = &response->headers[response->n_headers];

	fuzz_expect(response->n_headers < STAND_IN_VALUES_MAX);
	if (value[0] == '\0' || strpbrk(value, "\r\n") != NULL)
		return MHD_NO;
	header->name = name;
	header->value = strdup(value);
	fuzz_expect(header->value != NULL);
	response->n_headers++;
	return MHD_YES;
}

static void free_values(struct stand_in_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *value;

		memcpy(&value, &values[i].value, sizeof value);
		free(value);
	}
}

void MHD_destroy_response(struct MHD_Response *response)
{
	if (--response->users > 0)
		return;
	if (response->free != NULL)
		response->free(response->ctx);
	free_values(response->headers, response->n_headers);
	free(response->text);
	free(response);
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned status,
                                   struct MHD_Response *response)
{
	fuzz_expect(connection->response == NULL);
	connection->answer->status = status;
	connection->response = response;
	response->users++;
	return MHD_YES;
}

const char *MHD_get_reason_phrase_for(unsigned status)
{
	return status == 404 ? "Not Found" : "A Phrase";
}

static void add_text(struct stand_in_answer *answer, const char *bytes, size_t length)
{
	answer->text = realloc(answer->text, answer->length + length + 1);
	fuzz_expect(answer->text != NULL);
	memcpy(answer->text + answer->length, bytes, length);
	answer->length += length;
	answer->text[answer->length] = '\0';
}

static void read_stream(struct MHD_Response *response, struct stand_in_answer *answer)
{
	char block[BLOCK_BYTES];

	for (unsigned i = 0; i < BLOCKS_MAX && answer->length < response->bytes; i++) {
		ssize_t got = response->read(response->ctx, answer->length, block, sizeof block);

		if (got == 0 || got == MHD_CONTENT_READER_END_OF_STREAM)
			break;
		if (got == MHD_CONTENT_READER_END_WITH_ERROR) {
			answer->broken = true;
			break;
		}
		fuzz_expect(got > 0 && got <= (ssize_t)sizeof block);
		add_text(answer, block, (size_t)got);
	}
	/* A client is never sent more or less than was announced. */
	fuzz_expect(response->bytes == MHD_SIZE_UNKNOWN || answer->broken ||
	            answer->length == response->bytes || answer->length >= BLOCKS_MAX * BLOCK_BYTES);
}

static void take_response(struct MHD_Connection *connection)
{
	struct MHD_Response *response = connection->response;
	struct stand_in_answer *answer = connection->answer;

	add_text(answer, "", 0);
	if (response->read != NULL)
		read_stream(response, answer);
	else
		add_text(answer, response->text, response->length);
	memcpy(answer->headers, response->headers, sizeof answer->headers);
	answer->n_headers = response->n_headers;
	response->n_headers = 0; /* they are the answer's now */
	MHD_destroy_response(response);
}

/* What the server wrote to the socket by itself. */
static void take_early(int socket, struct stand_in_answer *answer)
{
	char text[EARLY_MAX];
	ssize_t length = recv(socket, text, sizeof text - 1, MSG_DONTWAIT);
	const char *body;

	if (length <= 0)
		return;
	text[length] = '\0';
	body = strstr(text, "\r\n\r\n");
	fuzz_expect(answer->status == 0 && body != NULL &&
	            sscanf(text, "HTTP/1.1 %u ", &answer->status) == 1);
	answer->early = true;
	add_text(answer, body + 4, strlen(body + 4));
}

/* The library's order: the head, the body piece by piece, the end. False: it was broken off. */
static bool deliver(struct MHD_Connection *connection, void **state)
{
	const struct stand_in_request *request = connection->request;
	const char *next = request->body;
	size_t left = request->length, size = 0;

	if (the_daemon.handle(the_daemon.cls, connection, request->path, request->method, "HTTP/1.1",
	                      NULL, &size, state) == MHD_NO)
		return false;
	while (connection->response == NULL && left > 0) {
		size_t piece = left < request->piece ? left : request->piece;

		size = piece;
		if (the_daemon.handle(the_daemon.cls, connection, request->path, request->method,
		                      "HTTP/1.1", next, &size, state) == MHD_NO)
			return false;
		fuzz_expect(size == 0);
		next += piece;
		left -= piece;
	}
	size = 0;
	return connection->response != NULL ||
	       the_daemon.handle(the_daemon.cls, connection, request->path, request->method, "HTTP/1.1",
	                         NULL, &size, state) == MHD_YES;
}

static void notify(struct MHD_Connection *connection, enum MHD_ConnectionNotificationCode code)
{
	the_daemon.notify(the_daemon.notify_cls, connection, &connection->context.socket_context, code);
}

void stand_in_ask(const struct stand_in_request *request, struct stand_in_answer *out)
{
	struct MHD_Connection connection = {.request = request, .answer = out};
	void *state = NULL;
	int sockets[2];
	bool whole;

	*out = (struct stand_in_answer){0};
	fuzz_expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0);
	shutdown(sockets[1], SHUT_WR); /* the client says no more */
	connection.socket.connect_fd = sockets[0];
	notify(&connection, MHD_CONNECTION_NOTIFY_STARTED);
	whole = deliver(&connection, &state);
	fuzz_expect(!whole || connection.response != NULL);
	if (connection.response != NULL)
		take_response(&connection);
	the_daemon.completed(the_daemon.completed_cls, &connection, &state,
	                     MHD_REQUEST_TERMINATED_COMPLETED_OK);
	fuzz_expect(state == NULL);
	take_early(sockets[1], out);
	notify(&connection, MHD_CONNECTION_NOTIFY_CLOSED);
	close(sockets[0]);
	close(sockets[1]);
}

void stand_in_finish(struct stand_in_answer *answer)
{
	free_values(answer->headers, answer->n_headers);
	free(answer->text);
	*answer = (struct stand_in_answer){0};
}

const char *stand_in_header(const struct stand_in_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->n_headers; i++)
		if (strcasecmp(answer->headers[i].name, name) == 0)
			return answer->headers[i].value;
	return NULL;
}
