/* say.c - decisions of a report, each in a sentence. */
#include "say.h"

#include <stdarg.h>

void say(json_t *decisions, const char *sentence)
{
	json_array_append_new(decisions, json_string(sentence));
}

void sayf(json_t *decisions, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	json_array_append_new(decisions, json_vsprintf(format, arguments));
	va_end(arguments);
}
