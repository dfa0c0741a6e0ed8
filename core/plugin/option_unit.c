/* option_unit.c - numbers with units as people write them: sizes, durations, bit rates. */
#include "plugin/option_unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Binary units first: they are what sizes are printed in whenever one divides them. */
const struct option_unit option_size_units[] = {
    {"TiB", UINT64_C(1) << 40},
    {"GiB", UINT64_C(1) << 30},
    {"MiB", UINT64_C(1) << 20},
    {"KiB", UINT64_C(1) << 10},
    {"TB", UINT64_C(1000000000000)},
    {"GB", UINT64_C(1000000000)},
    {"MB", UINT64_C(1000000)},
    {"KB", UINT64_C(1000)},
    {"kB", UINT64_C(1000)},
    {"", 1},
    {"B", 1},
    {NULL, 0},
};

const struct option_unit option_duration_units[] = {
    {"d", UINT64_C(86400000)},
    {"h", UINT64_C(3600000)},
    {"m", UINT64_C(60000)},
    {"s", UINT64_C(1000)},
    {"ms", 1},
    {NULL, 0},
};

const struct option_unit option_rate_units[] = {
    {"G", UINT64_C(1000000000)},
    {"M", UINT64_C(1000000)},
    {"k", UINT64_C(1000)},
    {"", 1},
    {NULL, 0},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const struct option_unit *find_unit(const struct option_unit *units, const char *name,
                                           size_t length)
{
	for (; units->name != NULL; units++)
		if (strlen(units->name) == length && memcmp(units->name, name, length) == 0)
			return units;
	return NULL;
}

/* value = value * factor + more; false when that does not fit. */
static bool multiply_add(uint64_t *value, uint64_t factor, uint64_t more)
{
	if (*value > (UINT64_MAX - more) / factor)
		return false;
	*value = *value * factor + more;
	return true;
}

/*
 * The digits behind the point, in `factor` units. Taken from the last one on,
 * each step is a whole number exactly when the result is one.
 */
static bool read_fraction(const char *digits, size_t length, uint64_t factor, uint64_t *out)
{
	uint64_t sum = 0;

	for (size_t i = length; i-- > 0;) {
		sum += (uint64_t)(digits[i] - '0') * factor;
		if (sum % 10 != 0)
			return false;
		sum /= 10;
	}
	*out = sum;
	return true;
}

/* Reads one number and its unit; *text goes on behind it. */
static bool read_part(const struct option_unit *units, const char **text,
                      const struct option_unit **unit, uint64_t *out)
{
	const char *at = *text, *fraction = NULL, *name;
	size_t fraction_length = 0;
	uint64_t value = 0, more = 0;

	if (!is_digit(*at))
		return false;
	for (; is_digit(*at); at++)
		if (!multiply_add(&value, 10, (uint64_t)(*at - '0')))
			return false;
	if (*at == '.') {
		fraction = ++at;
		while (is_digit(*at))
			at++;
		fraction_length = (size_t)(at - fraction);
		if (fraction_length == 0)
			return false;
	}
	for (name = at; *at != '\0' && !is_digit(*at);)
		at++;
	*unit = find_unit(units, name, (size_t)(at - name));
	if (*unit == NULL || !read_fraction(fraction, fraction_length, (*unit)->factor, &more) ||
	    !multiply_add(&value, (*unit)->factor, more))
		return false;
	*text = at;
	*out = value;
	return true;
}

bool option_unit_parse(const struct option_unit *units, bool compound, const char *text,
                       uint64_t *out)
{
	const struct option_unit *unit;
	uint64_t sum, part, factor;

	if (!read_part(units, &text, &unit, &sum))
		return false;
	while (compound && *text != '\0') {
		factor = unit->factor;
		if (!read_part(units, &text, &unit, &part) || unit->factor >= factor ||
		    part > UINT64_MAX - sum)
			return false;
		sum += part;
	}
	if (*text != '\0')
		return false;
	*out = sum;
	return true;
}

const char *option_unit_print(const struct option_unit *units, uint64_t value,
                              char text[OPTION_UNIT_TEXT_MAX])
{
	const struct option_unit *unit = units;

	while (value % unit->factor != 0 || (value == 0 && unit->factor != 1))
		unit++;
	snprintf(text, OPTION_UNIT_TEXT_MAX, "%" PRIu64 "%s", value / unit->factor, unit->name);
	return text;
}
