/* exchange.c - one request and its answer. */
#include <limits.h>
#include <string.h>

#include "http/internal.h"

/* An answer that goes into memory: ten messages of SQS, or a thousand keys of S3, are less. */
#define BODY_MOST ((size_t)64 << 20)
/* S3 closes a connection that was idle for five seconds or so; curl would keep it for 118. */
#define IDLE_MOST_S 4L
#define PIECE_BYTES (256L << 10)

struct exchange {
	const struct http_request *request;
	struct http_answer *answer;
	CURL *easy;
	struct curl_slist *lines;
	struct vm_error *err;
	int status; /* of what was done with the answer's bytes */
	bool cut;   /* was to be sent a second time, and is not */
	char reason[CURL_ERROR_SIZE];
};

void http_answer_finish(struct http_answer *answer)
{
	http_headers_finish(&answer->headers);
	kit_buffer_finish(&answer->body);
	answer->status = 0;
}

static int status_of(CURL *easy)
{
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)status;
}

static size_t take_header(char *bytes, size_t unit, size_t count, void *ctx)
{
	struct exchange *exchange = ctx;
	struct http_answer *answer = exchange->answer;
	size_t length = unit * count, end = length, value;
	const char *colon = memchr(bytes, ':', length);

	/* A status line begins anew: 100 Continue goes before the real one. */
	if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
		http_headers_finish(&answer->headers);
	if (colon == NULL)
		return length;
	while (end > 0 && memchr("\r\n \t", bytes[end - 1], 4) != NULL)
		end--;
	value = (size_t)(colon - bytes) + 1;
	while (value < end && (bytes[value] == ' ' || bytes[value] == '\t'))
		value++;
	if (value > end)
		value = end;
	exchange->status = http_headers_add_bytes(&answer->headers, exchange->err, bytes,
	                                          (size_t)(colon - bytes), bytes + value, end - value);
	return exchange->status == VM_OK ? length : 0;
}

static size_t take_body(char *bytes, size_t unit, size_t count, void *ctx)
{
	struct exchange *exchange = ctx;
	size_t length = unit * count;
	struct vm_sink *sink = &exchange->answer->body.sink;

	exchange->answer->status = status_of(exchange->easy);
	if (exchange->request->sink != NULL && exchange->answer->status / 100 == 2)
		sink = exchange->request->sink;
	exchange->status = sink->write(sink, bytes, length, exchange->err);
	return exchange->status == VM_OK ? length : 0;
}

/* Of a kept connection that closes nobody knows whether the other side had read the request. */
static int before_sending(void *ctx, char *remote, char *local, int remote_port, int local_port)
{
	struct exchange *exchange = ctx;
	long sent = 0;

	(void)remote;
	(void)local;
	(void)remote_port;
	(void)local_port;
	curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &sent);
	exchange->cut = exchange->request->once && sent > 0;
	return exchange->cut ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static int add_line(struct exchange *exchange, const char *line)
{
	struct curl_slist *more = curl_slist_append(exchange->lines, line);

	if (more == NULL)
		return vm_fail_memory(exchange->err);
	exchange->lines = more;
	return VM_OK;
}

/* "name;" is how curl is told to send a header without a value, and "name:" to send none. */
static int make_lines(struct exchange *exchange)
{
	static const struct http_headers none = {0};
	const struct http_headers *headers = exchange->request->headers;
	struct kit_buffer line;
	int status = add_line(exchange, "expect:");

	kit_buffer_init(&line, SIZE_MAX / 2);
	if (headers == NULL)
		headers = &none;
	/* Else it would be called a form, and taken for one. */
	if (status == VM_OK && http_headers_find(headers, "content-type") == NULL)
		status = add_line(exchange, "content-type:");
	for (size_t i = 0; i < headers->count && status == VM_OK; i++) {
		const struct http_header *header = &headers->items[i];

		kit_buffer_clear(&line);
		status = header->value[0] == '\0'
		             ? kit_buffer_print(&line, exchange->err, "%s;", header->name)
		             : kit_buffer_print(&line, exchange->err, "%s: %s", header->name,
		                                header->value);
		if (status == VM_OK)
			status = add_line(exchange, line.bytes);
	}
	kit_buffer_finish(&line);
	return status;
}

static void set_method(CURL *easy, const struct http_request *request)
{
	if (strcmp(request->method, "HEAD") == 0) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
		return;
	}
	/* Sends the bytes where they lie, with any method, and again by itself when a kept
	 * connection turns out to be closed. */
	if (request->length > 0 || strcmp(request->method, "GET") != 0) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->length > 0 ? request->body : "");
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length);
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_limits(CURL *easy, const struct http_settings *settings,
                       const struct http_request *request, const struct vm_call *call)
{
	int64_t left_ms = vm_call_time_left_ms(call);

	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_ms);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
	                 (long)((settings->quiet_ms + request->patience_ms + 999) / 1000));
	if (left_ms < LONG_MAX)
		curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left_ms > 0 ? (long)left_ms : 1L);
}

static void set_all(struct exchange *exchange, const struct http_settings *settings,
                    const struct vm_call *call)
{
	const struct http_request *request = exchange->request;
	CURL *easy = exchange->easy;

	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	/* A signature covers the path as it is written. */
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* A cancelled call does not wait for the resolver; its thread ends by itself. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, IDLE_MOST_S);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, PIECE_BYTES);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, PIECE_BYTES);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "vidmill");
	if (settings->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
	if (request->direct)
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	set_method(easy, request);
	set_limits(easy, settings, request, call);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->lines);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_sending);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->reason);
}

/* What libcurl made of it; CURLE_ABORTED_BY_CALLBACK when the call was cancelled. */
static CURLcode run(CURLM *multi, const struct vm_call *call)
{
	struct curl_waitfd cancel = {.fd = vm_call_cancel_fd(call), .events = CURL_WAIT_POLLIN};
	int running = 1, left;

	while (running > 0) {
		if (vm_call_cancelled(call))
			return CURLE_ABORTED_BY_CALLBACK;
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
		/* Half a second for a call that has nothing to poll. */
		if (running > 0 &&
		    curl_multi_poll(multi, &cancel, cancel.fd >= 0 ? 1 : 0, 500, NULL) != CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
	}
	for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;)
		if (message->msg == CURLMSG_DONE)
			return message->data.result;
	return CURLE_OUT_OF_MEMORY;
}

static bool changes_nothing(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static int fail(const struct exchange *exchange, CURLcode code)
{
	const char *reason = exchange->reason[0] != '\0' ? exchange->reason : curl_easy_strerror(code);
	long sent = 0;

	if (exchange->status != VM_OK)
		return exchange->status;
	if (exchange->cut)
		return vm_fail(exchange->err, VM_ERR_TIMEOUT, "the connection was closed before an answer");
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return vm_fail(exchange->err, VM_ERR_CANCELLED, "cancelled");
	if (code == CURLE_OUT_OF_MEMORY)
		return vm_fail_memory(exchange->err);
	curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &sent);
	/* Malformed or of another protocol: only the pipeline file can have said so. The second also
	 * stands for an answer that is none of HTTP. */
	if (code == CURLE_URL_MALFORMAT || (code == CURLE_UNSUPPORTED_PROTOCOL && sent == 0))
		return vm_fail(exchange->err, VM_ERR_CONFIG, "no address of HTTP: %s", reason);
	if (code == CURLE_SSL_CACERT_BADFILE)
		return vm_fail(exchange->err, VM_ERR_CONFIG, "authorities to trust: %s", reason);
	if (sent > 0 &&
	    (code == CURLE_OPERATION_TIMEDOUT || !changes_nothing(exchange->request->method)))
		return vm_fail(exchange->err, VM_ERR_TIMEOUT, "%s", reason);
	return vm_fail(exchange->err, VM_ERR_UNAVAILABLE, "%s", reason);
}

static int exchange_on(struct http_line *line, struct exchange *exchange,
                       const struct http_settings *settings, const struct vm_call *call)
{
	CURLcode code;

	set_all(exchange, settings, call);
	if (curl_multi_add_handle(line->multi, line->easy) != CURLM_OK)
		return vm_fail_memory(exchange->err);
	code = run(line->multi, call);
	if (code == CURLE_OK)
		exchange->answer->status = status_of(line->easy);
	else
		exchange->status = fail(exchange, code);
	/* Ends a connection on which an answer is still under way. */
	curl_multi_remove_handle(line->multi, line->easy);
	return exchange->status;
}

int http_exchange(struct http *http, const struct http_request *request, struct http_answer *answer,
                  const struct vm_call *call, struct vm_error *err)
{
	struct exchange exchange = {.request = request, .answer = answer, .err = err};
	struct http_line *line;
	int status;

	http_answer_finish(answer);
	kit_buffer_init(&answer->body, BODY_MOST);
	if ((status = vm_call_check(call, "request", err)) != VM_OK)
		return status;
	line = http_line_take(http);
	if (line == NULL)
		return vm_fail_memory(err);
	exchange.easy = line->easy;
	status = make_lines(&exchange);
	if (status == VM_OK)
		status = exchange_on(line, &exchange, http_settings_of(http), call);
	curl_slist_free_all(exchange.lines);
	http_line_give(http, line);
	return status;
}
