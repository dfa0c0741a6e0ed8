/* option_unit.h - numbers with units as people write them: sizes, durations, bit rates. */
#ifndef PLUGIN_OPTION_UNIT_H
#define PLUGIN_OPTION_UNIT_H

#include <vidmill/base.h>

/* One unit, and how many of the field's own unit it is. */
struct option_unit {
	const char *name;
	uint64_t factor;
};

/*
 * The units of one type, ended by a row without name. The unit "" stands for a
 * number alone; values are printed in the first unit that divides them.
 */
extern const struct option_unit option_size_units[];     /* to bytes */
extern const struct option_unit option_duration_units[]; /* to milliseconds */
extern const struct option_unit option_rate_units[];     /* to bits per second */

/*
 * Reads "8MiB", "1.5MB", "4.5M"; with `compound` also "1h30m", larger units
 * first. The whole text must be used and the value be a whole number of the
 * field's unit that fits; otherwise false, and *out is not written.
 */
bool option_unit_parse(const struct option_unit *units, bool compound, const char *text,
                       uint64_t *out);

#define OPTION_UNIT_TEXT_MAX 32

/* Writes what option_unit_parse reads as `value`; returns text. */
const char *option_unit_print(const struct option_unit *units, uint64_t value,
                              char text[OPTION_UNIT_TEXT_MAX]);

#endif
