/* fuzz_option.c - any text is a value or none; what is printed of a value is that value again. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "plugin/option_unit.h"
#include "plugin/option_value.h"

static void try_units(const struct option_unit *units, bool compound, const char *text)
{
	char printed[OPTION_UNIT_TEXT_MAX];
	uint64_t value, again;

	if (!option_unit_parse(units, compound, text, &value))
		return;
	option_unit_print(units, value, printed);
	if (!option_unit_parse(units, compound, printed, &again) || again != value)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct vm_rational rational;
	int64_t number;
	char text[128];

	if (length >= sizeof text)
		return 0;
	memcpy(text, bytes, length);
	text[length] = '\0';
	try_units(option_size_units, false, text);
	try_units(option_duration_units, true, text);
	try_units(option_rate_units, false, text);
	option_parse_int(text, &number);
	if (option_parse_rational(text, &rational) && rational.den <= 0)
		abort();
	return 0;
}
