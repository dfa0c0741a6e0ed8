/* option_report.c - the sentences about options: each mistake has its own. */
#include "plugin/option_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "plugin/option_value.h"
#include "support/suggest.h"

#define NAMES_MAX 64
#define TEXT_MAX 512

/* The names that may stand in a group. */
struct names {
	const char *items[NAMES_MAX];
	size_t count;
};

static void add_names(struct names *names, const char *const *more)
{
	for (; more != NULL && *more != NULL && names->count < NAMES_MAX; more++)
		names->items[names->count++] = *more;
}

static void add_options(struct names *names, const struct vm_option *table)
{
	for (; table->name != NULL; table++)
		if ((table->flags & VM_DEPRECATED) == 0)
			add_names(names, (const char *const[]){table->name, NULL});
}

/* "a, b, c"; cut where the text ends. */
static const char *join(const struct names *names, char text[TEXT_MAX])
{
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < names->count && at < TEXT_MAX; i++)
		at += (size_t)snprintf(text + at, TEXT_MAX - at, "%s%s", i > 0 ? ", " : "",
		                       names->items[i]);
	return text;
}

/* What the user wrote, as far as it fits into a sentence. */
static const char *written(const config_setting_t *setting, char text[TEXT_MAX])
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		snprintf(text, TEXT_MAX, "%lld", config_setting_get_int64(setting));
		break;
	case CONFIG_TYPE_FLOAT:
		snprintf(text, TEXT_MAX, "%.15g", config_setting_get_float(setting));
		break;
	case CONFIG_TYPE_BOOL:
		snprintf(text, TEXT_MAX, "%s", config_setting_get_bool(setting) ? "true" : "false");
		break;
	case CONFIG_TYPE_STRING:
		snprintf(text, TEXT_MAX, "\"%.80s\"", config_setting_get_string(setting));
		break;
	case CONFIG_TYPE_GROUP:
		snprintf(text, TEXT_MAX, "a group");
		break;
	default:
		snprintf(text, TEXT_MAX, "a list");
		break;
	}
	return text;
}

static const char *file_of(const config_setting_t *at)
{
	return at != NULL ? config_setting_source_file(at) : NULL;
}

static unsigned line_of(const config_setting_t *at)
{
	return at != NULL ? config_setting_source_line(at) : 0;
}

/* About the whole group that `at` stands in. */
VM_PRINTF(3, 4)
static void report_group(const struct option_report *report, const config_setting_t *at,
                         const char *format, ...)
{
	char text[2 * TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	diagnostics_error(report->found, file_of(at), line_of(at), "%s: %s%s%s", report->role,
	                  report->entry, *report->entry != '\0' ? ": " : "", text);
}

void option_report_text(const struct option_report *report, const config_setting_t *at,
                        const char *name, const char *format, ...)
{
	char text[2 * TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	diagnostics_error(report->found, file_of(at), line_of(at), "%s: %s%s%s %s", report->role,
	                  report->entry, *report->entry != '\0' ? "." : "", name, text);
}

void option_report_warning(const struct option_report *report, const config_setting_t *at,
                           const char *name, const char *format, ...)
{
	char text[2 * TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	diagnostics_warning(report->found, file_of(at), line_of(at), "%s: %s%s%s %s", report->role,
	                    report->entry, *report->entry != '\0' ? "." : "", name, text);
}

void option_report_unknown(const struct option_report *report, const config_setting_t *at,
                           const struct vm_option *table, const char *const *reserved)
{
	const char *name = config_setting_name(at), *near;
	struct names names = {.count = 0};
	char known[TEXT_MAX];

	add_names(&names, reserved);
	add_options(&names, table);
	near = suggest_name(name, names.items, names.count);
	if (near != NULL)
		report_group(report, at, "unknown option \"%s\"; did you mean \"%s\"?", name, near);
	else
		report_group(report, at, "unknown option \"%s\"; known here: %s", name,
		             join(&names, known));
}

void option_report_missing(const struct option_report *report, const config_setting_t *at,
                           const struct vm_option *row)
{
	report_group(report, at, "option \"%s\" is missing: %s", row->name, row->doc);
}

void option_report_wrong(const struct option_report *report, const config_setting_t *at,
                         const struct vm_option *row, const char *name, const char *wants)
{
	/* What stands in the place of a secret may be the secret. */
	bool is_secret = (row->flags & VM_SECRET) != 0;
	char value[TEXT_MAX];

	option_report_text(report, at, name, "is %s; it must be %s",
	                   is_secret ? "no text" : written(at, value), wants);
}

void option_report_choice(const struct option_report *report, const config_setting_t *at,
                          const struct vm_option *row, const char *name)
{
	struct names names = {.count = 0};
	char value[TEXT_MAX], allowed[TEXT_MAX];
	const char *text = config_setting_get_string(at), *near = NULL;

	add_names(&names, row->choices);
	if (text != NULL)
		near = suggest_name(text, names.items, names.count);
	if (near != NULL)
		option_report_text(report, at, name, "is %s; did you mean \"%s\"? Allowed: %s",
		                   written(at, value), near, join(&names, allowed));
	else
		option_report_text(report, at, name, "is %s; it must be one of %s", written(at, value),
		                   join(&names, allowed));
}

void option_report_range(const struct option_report *report, const config_setting_t *at,
                         const struct vm_option *row)
{
	char value[TEXT_MAX], range[OPTION_RANGE_TEXT_MAX];

	option_report_text(report, at, row->name, "is %s; it must be %s", written(at, value),
	                   option_range_text(row, range));
}
