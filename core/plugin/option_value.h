/* option_value.h - one option value, from the text that a user writes to the field of a struct. */
#ifndef PLUGIN_OPTION_VALUE_H
#define PLUGIN_OPTION_VALUE_H

#include <vidmill/option.h>

/* All of them: the whole text is read or false is returned and *out is not written. */
bool option_parse_int(const char *text, int64_t *out);
bool option_parse_bool(const char *text, bool *out); /* "true", "false" */
bool option_parse_size(const char *text, uint64_t *out);
bool option_parse_duration(const char *text, uint64_t *out);
bool option_parse_rate(const char *text, uint64_t *out);
/* "25", "-0.5", "30000/1001", "10%"; reduced. */
bool option_parse_rational(const char *text, struct vm_rational *out);

/* What a type is called and what a value of it looks like: "size", "a size such as …". */
const char *option_type_name(enum vm_option_type type);
const char *option_type_wants(enum vm_option_type type);

/* The field of a row; any type but STRING, STRINGS and GROUPS. */
bool option_value_parse(const struct vm_option *row, const char *text, void *field);

enum option_range { OPTION_WITHIN = 0, OPTION_TOO_SMALL = 1, OPTION_TOO_LARGE = 2 };

bool option_has_range(const struct vm_option *row);
bool option_has_max(const struct vm_option *row);
enum option_range option_value_range(const struct vm_option *row, const void *field);

#define OPTION_RANGE_TEXT_MAX 96

/* "from 5MiB to 5GiB", "at least 1", in the unit that a user would write; returns text. */
const char *option_range_text(const struct vm_option *row, char text[OPTION_RANGE_TEXT_MAX]);

#endif
