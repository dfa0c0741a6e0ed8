/* option_bind_value.c - one option that was written: its type, its value, its range. */
#include "plugin/option_binding.h"

#include <stdio.h>
#include <string.h>

#include "plugin/option_memory.h"
#include "plugin/option_secret.h"
#include "plugin/option_value.h"

#define SCALAR_MAX 64

/* The libconfig types that a scalar option may be written in, as bits. */
static unsigned scalar_types(enum vm_option_type type)
{
	const unsigned integer = 1u << CONFIG_TYPE_INT | 1u << CONFIG_TYPE_INT64;
	const unsigned text = 1u << CONFIG_TYPE_STRING;

	switch (type) {
	case VM_OPTION_INT:
		return integer;
	case VM_OPTION_BOOL:
		return 1u << CONFIG_TYPE_BOOL;
	case VM_OPTION_SIZE:
	case VM_OPTION_RATE:
		return integer | text;
	case VM_OPTION_RATIONAL:
		return integer | text | 1u << CONFIG_TYPE_FLOAT;
	default:
		return text;
	}
}

/* A scalar as the text that option_value_parse reads; a number is written into `number`. */
static const char *scalar_text(const config_setting_t *setting, char number[SCALAR_MAX])
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_STRING:
		return config_setting_get_string(setting);
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(setting) ? "true" : "false";
	case CONFIG_TYPE_FLOAT:
		snprintf(number, SCALAR_MAX, "%.15g", config_setting_get_float(setting));
		return number;
	default:
		snprintf(number, SCALAR_MAX, "%lld", config_setting_get_int64(setting));
		return number;
	}
}

static bool is_sequence(const config_setting_t *setting)
{
	return config_setting_is_list(setting) || config_setting_is_array(setting);
}

static void bind_secret(const struct binding *binding, const struct vm_option *row,
                        const config_setting_t *at, const char *text, const char **field)
{
	struct vm_error err;
	bool is_exposed;

	if (option_secret_read(text, binding->memory, field, &is_exposed, &err) != VM_OK)
		option_report_text(&binding->report, at, row->name, "cannot be read: %s", err.message);
	else if (is_exposed)
		option_report_warning(&binding->report, at, row->name,
		                      "can be read by everybody on this machine; chmod 600 %s",
		                      text + strlen("file:"));
}

void option_bind_text(const struct binding *binding, const struct vm_option *row,
                      const config_setting_t *at, const char *text, const char **field)
{
	if ((row->flags & VM_SECRET) != 0)
		bind_secret(binding, row, at, text, field);
	else if ((*field = option_memory_copy(binding->memory, text, strlen(text))) == NULL)
		option_bind_no_memory(binding);
}

static void report_misfit(const struct binding *binding, const struct vm_option *row,
                          const config_setting_t *setting)
{
	if (row->type == VM_OPTION_CHOICE)
		option_report_choice(&binding->report, setting, row, row->name);
	else
		option_report_wrong(&binding->report, setting, row, row->name,
		                    option_type_wants(row->type));
}

static void bind_scalar(const struct binding *binding, const struct vm_option *row,
                        const config_setting_t *setting, void *field)
{
	char number[SCALAR_MAX];
	const char *text = scalar_text(setting, number);

	if (!option_value_parse(row, text, field))
		report_misfit(binding, row, setting);
	else if (option_value_range(row, field) != OPTION_WITHIN)
		option_report_range(&binding->report, setting, row);
}

static bool is_one_group(const struct vm_option *row, const config_setting_t *setting)
{
	return row->type == VM_OPTION_GROUPS && config_setting_is_group(setting);
}

void option_bind_setting(const struct binding *binding, const struct vm_option *row,
                         const config_setting_t *setting, void *field)
{
	bool is_list = row->type == VM_OPTION_STRINGS || row->type == VM_OPTION_GROUPS;
	bool fits = is_list ? is_sequence(setting) || is_one_group(row, setting)
	                    : (scalar_types(row->type) >> config_setting_type(setting) & 1) != 0;

	if (!fits)
		report_misfit(binding, row, setting);
	else if (row->type == VM_OPTION_STRINGS)
		option_bind_strings(binding, row, setting, field);
	else if (row->type == VM_OPTION_GROUPS)
		option_bind_groups(binding, row, setting, field);
	else if (row->type == VM_OPTION_STRING)
		option_bind_text(binding, row, setting, config_setting_get_string(setting), field);
	else
		bind_scalar(binding, row, setting, field);
}
