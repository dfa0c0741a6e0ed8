/* scan_token.h - how far the things reach that a pipeline file is made of. */
#ifndef PIPELINE_SCAN_TOKEN_H
#define PIPELINE_SCAN_TOKEN_H

#include <stddef.h>

#define SCAN_BLANKS " \t\r\f\n"

/* All of them: the length of what stands at the beginning of a text; 0: it is no such thing. */
size_t scan_comment_length(const char *text);
size_t scan_string_length(const char *text); /* one that begins with a quote, and ends */
size_t scan_name_length(const char *text);   /* one that a value is assigned to */
size_t scan_value_length(const char *text);  /* one without quotes */

/* `@include "name"` at the beginning of a line, with the blanks in front of it. */
size_t scan_include_length(const char *line, const char **name, size_t *name_bytes);

#endif
