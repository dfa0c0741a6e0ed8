/* line.c - exchanges with a peer, in few words. */
#include "line.h"

struct line line;

void line_open(void)
{
	const struct http_settings settings = {.connect_ms = 1000, .quiet_ms = 1000};

	line = (struct line){0};
	ck_assert_int_eq(http_create(&settings, &line.http, NULL), VM_OK);
}

void line_close(void)
{
	http_answer_finish(&line.answer);
	http_destroy(line.http);
}

int line_send(const char *method, const char *url, const void *body, size_t length,
              const struct vm_call *call)
{
	const struct http_request request = {
	    .method = method, .url = line.url, .body = body, .length = length, .direct = true};

	snprintf(line.url, sizeof line.url, "%s/a", url);
	line.err = (struct vm_error){0};
	return http_exchange(line.http, &request, &line.answer, call, &line.err);
}

int line_ask(const char *method, const char *url, const struct vm_call *call)
{
	return line_send(method, url, NULL, 0, call);
}
