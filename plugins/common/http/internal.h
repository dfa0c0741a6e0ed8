/* internal.h - what the files of http share. */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <curl/curl.h>

#include "http/http.h"

/* One exchange after another: connections in the multi handle, settings in the easy one. */
struct http_line {
	CURLM *multi;
	CURL *easy;
	struct http_line *next;
};

struct http_line *http_line_take(struct http *http); /* NULL when out of memory */
void http_line_give(struct http *http, struct http_line *line);
void http_line_destroy(struct http_line *line);
const struct http_settings *http_settings_of(const struct http *http);

#endif
