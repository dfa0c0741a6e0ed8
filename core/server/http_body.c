/* http_body.c - takes in a request's JSON object, with every bound that a stranger may test. */
#include <stdlib.h>
#include <string.h>

#include "server/http_exchange.h"
#include "support/clock.h"
#include "support/json.h"

/*
 * "application/json", parameters allowed. Nothing else is taken: a web page of
 * another site can send the rest without asking this server first.
 */
static bool is_json(const char *content_type)
{
	static const char json[] = "application/json";
	size_t length = sizeof json - 1;

	return content_type != NULL && strncasecmp(content_type, json, length) == 0 &&
	       (content_type[length] == '\0' || strchr("; \t", content_type[length]) != NULL);
}

static int too_long(struct exchange *exchange)
{
	return reply_problem(exchange, 413, "the body is longer than the %zu bytes that it may have",
	                     exchange->http->limits.body_bytes);
}

static int begin(struct exchange *exchange)
{
	const char *length = exchange_header(exchange, "Content-Length");

	buffer_init(&exchange->body, exchange->http->limits.body_bytes);
	if (!exchange_has_body(exchange))
		return 0;
	if (!is_json(exchange_header(exchange, "Content-Type")))
		return reply_problem(exchange, 415,
		                     "send a JSON object with the header Content-Type: application/json");
	if (length != NULL && strtoull(length, NULL, 10) > exchange->http->limits.body_bytes)
		return too_long(exchange);
	return 0;
}

static int take(struct exchange *exchange, const void *bytes, size_t length)
{
	struct vm_error err;
	int status;

	if (clock_monotonic_ms() - exchange->started_ms > (int64_t)exchange->http->limits.body_ms)
		return reply_problem(exchange, 408, "the body did not come within %u ms",
		                     exchange->http->limits.body_ms);
	status = buffer_append(&exchange->body, bytes, length, &err);
	if (status == VM_ERR_LIMIT)
		return too_long(exchange);
	return status != VM_OK ? reply_error(exchange, &err) : 0;
}

static int end(struct exchange *exchange)
{
	struct vm_error err;
	int status;

	if (exchange->body.length == 0) {
		exchange->json = json_object();
		return exchange->json == NULL ? reply_problem(exchange, 503, "out of memory: try again")
		                              : 0;
	}
	status = json_read_object(exchange->body.bytes, exchange->body.length, &exchange->json, &err);
	if (status == VM_ERR_BAD_DATA)
		return reply_problem(exchange, 400, "the body: %s", err.message);
	return status != VM_OK ? reply_error(exchange, &err) : 0;
}

static void drop(struct exchange *exchange)
{
	json_decref(exchange->json);
	buffer_finish(&exchange->body);
}

const struct body_kind body_json = {.begin = begin, .take = take, .end = end, .drop = drop};
