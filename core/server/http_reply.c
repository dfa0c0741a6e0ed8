/* http_reply.c - answers: JSON, texts, streams, problems, and what an error means over HTTP. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "server/http_exchange.h"
#include "support/json.h"
#include "support/log.h"

static int answer_text(struct answer *answer, int status, const char *content_type, char *text,
                       size_t length)
{
	if (answer->status != 0) {
		free(text);
		return answer->status;
	}
	answer->status = status;
	snprintf(answer->content_type, sizeof answer->content_type, "%s", content_type);
	answer->text = text;
	answer->length = length;
	return status;
}

int reply_text(struct exchange *exchange, int status, const char *content_type, char *text,
               size_t length)
{
	if (text == NULL)
		return reply_problem(exchange, 503, "out of memory: try again");
	return answer_text(&exchange->answer, status, content_type, text, length);
}

int reply_empty(struct exchange *exchange, int status)
{
	return answer_text(&exchange->answer, status, "", NULL, 0);
}

/* Compact, with a newline for those who look at it on a terminal; takes `json`. */
static char *write_line(json_t *json)
{
	char *text = json != NULL ? json_write(json) : NULL;
	size_t length = text != NULL ? strlen(text) : 0;
	char *line = text != NULL ? realloc(text, length + 2) : NULL;

	json_decref(json);
	if (line == NULL)
		free(text);
	else
		memcpy(line + length, "\n", 2);
	return line;
}

int reply_json(struct exchange *exchange, int status, json_t *json)
{
	char *line = write_line(json);

	return reply_text(exchange, status, "application/json", line, line != NULL ? strlen(line) : 0);
}

int reply_stream(struct exchange *exchange, int status, const char *content_type,
                 const struct stream *stream)
{
	struct answer *answer = &exchange->answer;

	answer->stream = MHD_create_response_from_callback(stream->bytes, stream->block_bytes,
	                                                   stream->read, stream->ctx, stream->free);
	if (answer->stream == NULL) {
		stream->free(stream->ctx);
		return reply_problem(exchange, 503, "out of memory: try again");
	}
	return answer_text(answer, status, content_type, NULL, 0);
}

/*
 * A path or a detail may quote a stranger: bytes that are no UTF-8, which JSON
 * cannot hold, and what a terminal would obey.
 */
static void make_plain(char *text, bool ascii)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7F || (ascii && (unsigned char)*text > '~'))
			*text = '?';
}

static json_t *problem_to_json(int status, const char *detail, const char *path)
{
	return json_pack("{ss ss si ss ss}", "type", "about:blank", "title",
	                 MHD_get_reason_phrase_for((unsigned)status), "status", status, "detail",
	                 detail, "instance", path);
}

int reply_problem(struct exchange *exchange, int status, const char *format, ...)
{
	char detail[1024], path[256];
	va_list arguments;
	json_t *problem;
	char *line;

	va_start(arguments, format);
	vsnprintf(detail, sizeof detail, format, arguments);
	va_end(arguments);
	snprintf(path, sizeof path, "%s", exchange->path);
	make_plain(detail, false);
	make_plain(path, false);
	problem = problem_to_json(status, detail, path);
	if (problem == NULL) {
		make_plain(detail, true);
		make_plain(path, true);
		problem = problem_to_json(status, detail, path);
	}
	line = write_line(problem);
	/* Without memory the status has to say it all. */
	return answer_text(&exchange->answer, status, "application/problem+json", line,
	                   line != NULL ? strlen(line) : 0);
}

/* What each status of an operation is to a client. What is not here is our own fault: 500. */
static const int http_status[] = {
    [VM_ERR_CONFIG] = 503,    [VM_ERR_NOT_FOUND] = 404, [VM_ERR_CONFLICT] = 409,
    [VM_ERR_DENIED] = 503,    [VM_ERR_THROTTLED] = 503, [VM_ERR_UNAVAILABLE] = 503,
    [VM_ERR_TIMEOUT] = 503,   [VM_ERR_CANCELLED] = 503, [VM_ERR_LIMIT] = 413,
    [VM_ERR_NO_MEMORY] = 503,
};

enum { RETRY_AFTER_S = 5 };

/* A disk that became read-only, a permission taken away: waiting alone does not mend it. */
static bool needs_operator(int status)
{
	return status == VM_ERR_CONFIG || status == VM_ERR_DENIED;
}

int reply_error(struct exchange *exchange, const struct vm_error *err)
{
	size_t known = sizeof http_status / sizeof http_status[0];
	int status = err->status > 0 && (size_t)err->status < known ? http_status[err->status] : 0;

	if (status == 503) {
		unsigned after_s = err->retry_after_ms > 0 ? (err->retry_after_ms + 999) / 1000
		                                           : RETRY_AFTER_S;

		log_line(needs_operator(err->status) ? VM_LOG_ERROR : VM_LOG_WARNING, "%s %s: %s",
		         exchange->method, exchange->path, err->message);
		reply_header(exchange, "Retry-After", "%u", after_s);
		return reply_problem(
		    exchange, status, "%s; nothing was promised, try again later%s", err->message,
		    needs_operator(err->status) ? "; who runs this server has to look at it first" : "");
	}
	if (status == 0) {
		log_error("%s %s: %s", exchange->method, exchange->path, err->message);
		return reply_problem(
		    exchange, 500, "%s; who runs this server has to look at it, its log has the same line",
		    err->message);
	}
	return reply_problem(exchange, status, "%s", err->message);
}

void reply_header(struct exchange *exchange, const char *name, const char *format, ...)
{
	struct answer *answer = &exchange->answer;
	struct answer_header *header = &answer->headers[answer->n_headers];
	va_list arguments;

	if (answer->n_headers == ANSWER_HEADERS_MAX)
		return;
	header->name = name;
	va_start(arguments, format);
	vsnprintf(header->value, sizeof header->value, format, arguments);
	va_end(arguments);
	answer->n_headers++;
}

enum MHD_Result reply_send(struct exchange *exchange)
{
	struct answer *answer = &exchange->answer;
	struct MHD_Response *response = answer->stream;
	enum MHD_Result result;

	answer->stream = NULL;
	if (response == NULL)
		response = MHD_create_response_from_buffer(answer->length, answer->text,
		                                           MHD_RESPMEM_MUST_COPY);
	if (response == NULL)
		return MHD_NO;
	if (answer->content_type[0] != '\0')
		MHD_add_response_header(response, "Content-Type", answer->content_type);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	for (size_t i = 0; i < answer->n_headers; i++)
		MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
	if (exchange->http->stopping)
		MHD_add_response_header(response, "Connection", "close");
	result = MHD_queue_response(exchange->connection, (unsigned)answer->status, response);
	MHD_destroy_response(response);
	return result;
}
