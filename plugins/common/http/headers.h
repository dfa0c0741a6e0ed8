/* headers.h - the header lines of a request or an answer. */
#ifndef HTTP_HEADERS_H
#define HTTP_HEADERS_H

#include <stddef.h>

#include <vidmill/status.h>

/* Names are lower case. */
struct http_header {
	char *name;
	char *value;
};

/* Zeroed is empty. [one thread] */
struct http_headers {
	struct http_header *items;
	size_t count, capacity;
	size_t bytes;
};

/* Also of a zeroed one; empty and usable again. */
void http_headers_finish(struct http_headers *headers);

/*
 * Appends one line. A value that would end the line (CR, LF, NUL) is
 * VM_ERR_BAD_DATA, so that no key and no name of a stranger's makes a header;
 * more than 256 lines or 256 KiB are VM_ERR_LIMIT.
 */
int http_headers_add(struct http_headers *headers, struct vm_error *err, const char *name,
                     const char *format, ...) VM_PRINTF(4, 5);
int http_headers_add_bytes(struct http_headers *headers, struct vm_error *err, const char *name,
                           size_t name_length, const char *value, size_t value_length);

/* The first of that name in any case; NULL when there is none. */
const char *http_headers_find(const struct http_headers *headers, const char *name);

#endif
