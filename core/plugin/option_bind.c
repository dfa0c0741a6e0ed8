/* option_bind.c - a group of a libconfig file, checked by an option table, put into a struct. */
#include "plugin/option_bind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/option_binding.h"
#include "plugin/option_value.h"

void option_bind_no_memory(const struct binding *binding)
{
	binding->report.found->incomplete = true;
	binding->report.found->errors++;
}

/* A default that does not fit its own row is a mistake of the plugin's author, and said so. */
static void bind_fallback(const struct binding *binding, const struct vm_option *row, void *field)
{
	bool fits;

	if (row->type == VM_OPTION_STRING) {
		option_bind_text(binding, row, NULL, row->fallback, field);
		return;
	}
	fits = option_value_parse(row, row->fallback, field) &&
	       option_value_range(row, field) == OPTION_WITHIN;
	if (!fits)
		option_report_text(&binding->report, NULL, row->name,
		                   "has the default %s, which does not fit its own table", row->fallback);
}

/* A list is written as the file's own language has it, so libconfig reads its default. */
static void bind_list_fallback(const struct binding *binding, const struct vm_option *row,
                               void *field)
{
	char *text = NULL;
	config_t config;

	config_init(&config);
	if (asprintf(&text, "%s = %s;", row->name, row->fallback) < 0)
		option_bind_no_memory(binding);
	else if (config_read_string(&config, text) != CONFIG_TRUE)
		option_report_text(&binding->report, NULL, row->name,
		                   "has the default %s, which does not fit its own table", row->fallback);
	else
		option_bind_setting(binding, row, config_lookup(&config, row->name), field);
	free(text);
	config_destroy(&config);
}

static void bind_row(const struct binding *binding, const struct vm_option *row,
                     const config_setting_t *group, void *config)
{
	const config_setting_t *setting = group != NULL ? config_setting_get_member(group, row->name)
	                                                : NULL;
	void *field = (char *)config + row->offset;

	if (setting != NULL) {
		if ((row->flags & VM_DEPRECATED) != 0)
			option_report_warning(&binding->report, setting, row->name, "is deprecated: %s",
			                      row->doc);
		option_bind_setting(binding, row, setting, field);
	} else if ((row->flags & VM_REQUIRED) != 0) {
		option_report_missing(&binding->report, group, row);
	} else if (row->fallback != NULL) {
		if (row->type == VM_OPTION_STRINGS || row->type == VM_OPTION_GROUPS)
			bind_list_fallback(binding, row, field);
		else
			bind_fallback(binding, row, field);
	}
}

static bool is_known(const struct vm_option *table, const char *const *reserved, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return true;
	for (; reserved != NULL && *reserved != NULL; reserved++)
		if (strcmp(*reserved, name) == 0)
			return true;
	return false;
}

void option_bind_group(const struct binding *binding, const struct vm_option *table,
                       const config_setting_t *group, const char *const *reserved, void *config)
{
	unsigned count = group != NULL ? (unsigned)config_setting_length(group) : 0;

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *setting = config_setting_get_elem(group, i);

		if (!is_known(table, reserved, config_setting_name(setting)))
			option_report_unknown(&binding->report, setting, table, reserved);
	}
	for (const struct vm_option *row = table; row->name != NULL; row++)
		bind_row(binding, row, group, config);
}

void option_bind(const struct vm_option *table, const struct option_source *source, void *config,
                 struct option_memory **memory, struct diagnostics *found)
{
	static const struct vm_option no_options[] = {{.name = NULL}};
	struct binding binding = {
	    .report = {.role = source->role, .entry = "", .found = found},
	    .memory = memory,
	};

	option_bind_group(&binding, table != NULL ? table : no_options, source->group, source->reserved,
	                  config);
}
