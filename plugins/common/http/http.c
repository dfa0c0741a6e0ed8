/* http.c - lines to other hosts: taken for an exchange, given back, the last one used first. */
#include <pthread.h>
#include <stdlib.h>

#include "http/internal.h"

struct http {
	struct http_settings settings;
	pthread_mutex_t lock;
	struct http_line *free_lines; /* the one on top was used last, and its connection is youngest */
};

void http_line_destroy(struct http_line *line)
{
	if (line == NULL)
		return;
	curl_easy_cleanup(line->easy);
	curl_multi_cleanup(line->multi);
	free(line);
}

static struct http_line *line_create(void)
{
	struct http_line *line = calloc(1, sizeof *line);

	if (line == NULL)
		return NULL;
	line->multi = curl_multi_init();
	line->easy = curl_easy_init();
	if (line->multi != NULL && line->easy != NULL)
		return line;
	http_line_destroy(line);
	return NULL;
}

struct http_line *http_line_take(struct http *http)
{
	struct http_line *line;

	pthread_mutex_lock(&http->lock);
	line = http->free_lines;
	if (line != NULL)
		http->free_lines = line->next;
	pthread_mutex_unlock(&http->lock);
	return line != NULL ? line : line_create();
}

void http_line_give(struct http *http, struct http_line *line)
{
	pthread_mutex_lock(&http->lock);
	line->next = http->free_lines;
	http->free_lines = line;
	pthread_mutex_unlock(&http->lock);
}

const struct http_settings *http_settings_of(const struct http *http)
{
	return &http->settings;
}

int http_create(const struct http_settings *settings, struct http **out, struct vm_error *err)
{
	struct http *http;

	/* Counted by libcurl, and safe from several threads since 7.84. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "libcurl does not start");
	http = calloc(1, sizeof *http);
	if (http == NULL) {
		curl_global_cleanup();
		return vm_fail_memory(err);
	}
	http->settings = *settings;
	pthread_mutex_init(&http->lock, NULL);
	*out = http;
	return VM_OK;
}

void http_destroy(struct http *http)
{
	if (http == NULL)
		return;
	while (http->free_lines != NULL) {
		struct http_line *line = http->free_lines;

		http->free_lines = line->next;
		http_line_destroy(line);
	}
	pthread_mutex_destroy(&http->lock);
	free(http);
	curl_global_cleanup();
}
