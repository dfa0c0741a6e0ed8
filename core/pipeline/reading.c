/* reading.c - what the readers of all sections need: memory, words and a voice. */
#include "pipeline/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "plugin/option_memory.h"

#define WORD_MAX 32

void read_error(struct reading *reading, const config_setting_t *at, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	diagnostics_error(&reading->found, NULL, at != NULL ? config_setting_source_line(at) : 0, "%s",
	                  text);
}

static void *note_memory(struct reading *reading, void *taken)
{
	if (taken == NULL) {
		reading->found.incomplete = true;
		reading->found.errors++;
	}
	return taken;
}

void *read_take(struct reading *reading, size_t count, size_t size)
{
	return note_memory(reading, option_memory_take(&reading->pipeline->memory, count, size));
}

char *read_copy(struct reading *reading, const char *text, size_t length)
{
	return note_memory(reading, option_memory_copy(&reading->pipeline->memory, text, length));
}

bool read_is_word(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length > 0 && length <= WORD_MAX && text[length] == '\0';
}

bool read_is_group(struct reading *reading, const config_setting_t *setting, const char *name)
{
	if (config_setting_is_group(setting))
		return true;
	read_error(reading, setting, "%s must be a group such as { … }", name);
	return false;
}

void read_options(struct reading *reading, const config_setting_t *section, const char *name,
                  const struct vm_option *table, const char *const *reserved, void *settings)
{
	struct option_source source = {.group = section, .role = name, .reserved = reserved};

	if (section == NULL || read_is_group(reading, section, name))
		option_bind(table, &source, settings, &reading->pipeline->memory, &reading->found);
}

const config_setting_t *read_find(const config_setting_t *section, const char *name)
{
	if (section == NULL || !config_setting_is_group(section))
		return NULL;
	return config_setting_get_member(section, name);
}
