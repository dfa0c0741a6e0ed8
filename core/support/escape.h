/* escape.h - text of strangers made fit for one line of a log. */
#ifndef SUPPORT_ESCAPE_H
#define SUPPORT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Of one character; a NUL is not counted. */
#define ESCAPE_MAX 12

/*
 * Writes the first character of bytes[length] (length > 0) to `out` and returns
 * how many bytes of it were read; *written is how many were written. Control
 * characters and bytes that are no UTF-8 become escapes: those of a JSON string
 * when `json`, else \n, \t and \xNN.
 */
size_t escape_next(const char *bytes, size_t length, bool json, char out[ESCAPE_MAX],
                   size_t *written);

bool is_utf8(const char *text);

#endif
