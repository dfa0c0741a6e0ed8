/* option_value.c - one option value, from the text that a user writes to the field of a struct. */
#include "plugin/option_value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/option_unit.h"

struct value_type {
	const char *name;
	const char *wants;
	const struct option_unit *units; /* NULL: written without */
};

static const struct value_type types[] = {
    [VM_OPTION_STRING] = {"string", "text in quotes", NULL},
    [VM_OPTION_INT] = {"int", "a whole number", NULL},
    [VM_OPTION_BOOL] = {"bool", "true or false", NULL},
    [VM_OPTION_SIZE] = {"size", "a size such as 4096, \"64KiB\" or \"1.5MB\"", option_size_units},
    [VM_OPTION_DURATION] = {"duration", "a duration such as \"250ms\", \"30s\" or \"1h30m\"",
                            option_duration_units},
    [VM_OPTION_CHOICE] = {"choice", "one of the choices", NULL},
    [VM_OPTION_RATIONAL] = {"rational", "a number such as 25, \"30000/1001\", \"0.5\" or \"10%\"",
                            NULL},
    [VM_OPTION_RATE] = {"rate", "a bit rate such as 128000, \"128k\" or \"4.5M\"",
                        option_rate_units},
    [VM_OPTION_STRINGS] = {"list of strings", "a list of texts such as [ \"a\", \"b\" ]", NULL},
    [VM_OPTION_GROUPS] = {"list of groups", "a list of groups such as ( { … }, { … } )", NULL},
};

const char *option_type_name(enum vm_option_type type)
{
	return types[type].name;
}

const char *option_type_wants(enum vm_option_type type)
{
	return types[type].wants;
}

bool option_parse_int(const char *text, int64_t *out)
{
	const char *digits = text + (*text == '-');
	char *end;
	intmax_t value;

	if (*digits < '0' || *digits > '9')
		return false; /* strtoimax would skip blanks */
	errno = 0;
	value = strtoimax(text, &end, 10);
	if (errno != 0 || *end != '\0')
		return false;
	*out = value;
	return true;
}

bool option_parse_bool(const char *text, bool *out)
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return false;
	*out = text[0] == 't';
	return true;
}

bool option_parse_size(const char *text, uint64_t *out)
{
	return option_unit_parse(option_size_units, false, text, out);
}

bool option_parse_duration(const char *text, uint64_t *out)
{
	return option_unit_parse(option_duration_units, true, text, out);
}

bool option_parse_rate(const char *text, uint64_t *out)
{
	return option_unit_parse(option_rate_units, false, text, out);
}

static int64_t greatest_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Digits with at most one point, as value / scale. Stops at what is neither. */
static bool read_decimal(const char **text, int64_t *value, int64_t *scale)
{
	const char *at = *text;
	bool behind_point = false, some = false;

	*value = 0;
	*scale = 1;
	for (; (*at >= '0' && *at <= '9') || (*at == '.' && !behind_point && some); at++) {
		if (*at == '.') {
			behind_point = true;
			continue;
		}
		if (*value > (INT64_MAX - 9) / 10 || (behind_point && *scale > INT64_MAX / 1000))
			return false;
		*value = *value * 10 + (*at - '0');
		*scale *= behind_point ? 10 : 1;
		some = true;
	}
	*text = at;
	return some && at[-1] != '.';
}

bool option_parse_rational(const char *text, struct vm_rational *out)
{
	bool negative = *text == '-';
	int64_t num, den, bottom, scale, divisor;

	text += negative;
	if (!read_decimal(&text, &num, &den))
		return false;
	if (*text == '%') {
		den *= 100; /* read_decimal left room for it */
		text++;
	} else if (*text == '/' && den == 1) {
		text++;
		if (!read_decimal(&text, &bottom, &scale) || scale != 1 || bottom == 0)
			return false;
		den = bottom;
	}
	if (*text != '\0')
		return false;
	divisor = greatest_divisor(num, den);
	out->num = (negative ? -num : num) / divisor;
	out->den = den / divisor;
	return true;
}

static bool parse_choice(const struct vm_option *row, const char *text, int *out)
{
	for (int i = 0; row->choices[i] != NULL; i++) {
		if (strcmp(row->choices[i], text) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool option_value_parse(const struct vm_option *row, const char *text, void *field)
{
	switch (row->type) {
	case VM_OPTION_INT:
		return option_parse_int(text, field);
	case VM_OPTION_BOOL:
		return option_parse_bool(text, field);
	case VM_OPTION_SIZE:
		return option_parse_size(text, field);
	case VM_OPTION_DURATION:
		return option_parse_duration(text, field);
	case VM_OPTION_RATE:
		return option_parse_rate(text, field);
	case VM_OPTION_RATIONAL:
		return option_parse_rational(text, field);
	case VM_OPTION_CHOICE:
		return parse_choice(row, text, field);
	case VM_OPTION_STRING:
	case VM_OPTION_STRINGS:
	case VM_OPTION_GROUPS:
		break;
	}
	return false;
}

bool option_has_range(const struct vm_option *row)
{
	return row->min != 0 || row->max != 0;
}

bool option_has_max(const struct vm_option *row)
{
	return row->max != 0 || row->min <= 0;
}

enum option_range option_value_range(const struct vm_option *row, const void *field)
{
	bool is_unsigned = types[row->type].units != NULL;
	int64_t value;

	if (!option_has_range(row) || (!is_unsigned && row->type != VM_OPTION_INT))
		return OPTION_WITHIN;
	if (is_unsigned) {
		const uint64_t *number = field;

		/* No bound lies above INT64_MAX, so what does compares as that. */
		value = *number > INT64_MAX ? INT64_MAX : (int64_t)*number;
	} else {
		memcpy(&value, field, sizeof value);
	}
	if (value < row->min)
		return OPTION_TOO_SMALL;
	return option_has_max(row) && value > row->max ? OPTION_TOO_LARGE : OPTION_WITHIN;
}

static const char *bound_text(const struct vm_option *row, int64_t bound, char *text)
{
	if (types[row->type].units != NULL && bound >= 0)
		return option_unit_print(types[row->type].units, (uint64_t)bound, text);
	snprintf(text, OPTION_UNIT_TEXT_MAX, "%" PRId64, bound);
	return text;
}

const char *option_range_text(const struct vm_option *row, char text[OPTION_RANGE_TEXT_MAX])
{
	char min[OPTION_UNIT_TEXT_MAX], max[OPTION_UNIT_TEXT_MAX];

	if (option_has_max(row))
		snprintf(text, OPTION_RANGE_TEXT_MAX, "from %s to %s", bound_text(row, row->min, min),
		         bound_text(row, row->max, max));
	else
		snprintf(text, OPTION_RANGE_TEXT_MAX, "at least %s", bound_text(row, row->min, min));
	return text;
}
