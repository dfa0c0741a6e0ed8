/* read_role.c - a group that names a plugin, and the options that are that plugin's own. */
#include "pipeline/reading.h"

#include <string.h>

#include "support/suggest.h"

/* "compute: names no plugin", with the help that a slip of the pen needs. */
static void report_no_plugin(struct reading *reading, const config_setting_t *group,
                             const char *name, uint32_t kind)
{
	static const char *const plugin[] = {"plugin"};

	for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, i);

		if (suggest_name(config_setting_name(setting), plugin, 1) != NULL) {
			read_error(reading, setting, "%s: unknown option \"%s\"; did you mean \"plugin\"?",
			           name, config_setting_name(setting));
			return;
		}
	}
	read_error(reading, group, "%s: names no plugin; write plugin = \"%s-…\"", name,
	           plugin_kind_name(kind));
}

/* The text behind plugin = …; NULL: something is wrong with it, which has been said. */
static const char *read_plugin_name(struct reading *reading, const config_setting_t *group,
                                    const char *name, uint32_t kind)
{
	const config_setting_t *setting = config_setting_get_member(group, "plugin");
	const char *wanted;

	if (setting == NULL) {
		report_no_plugin(reading, group, name, kind);
		return NULL;
	}
	wanted = config_setting_get_string(setting);
	if (wanted == NULL || *wanted == '\0') {
		read_error(reading, setting, "%s: plugin must be a name in quotes", name);
		return NULL;
	}
	return wanted;
}

static const struct plugin *find_plugin(struct reading *reading, const config_setting_t *group,
                                        const char *name, const char *wanted, uint32_t kind)
{
	const config_setting_t *setting = config_setting_get_member(group, "plugin");
	struct plugin *plugin;
	struct vm_error err;

	if (plugins_find(reading->plugins, wanted, &plugin, &err) != VM_OK) {
		read_error(reading, setting, "%s: %s", name, err.message);
		return NULL;
	}
	if (plugin->entry.kind != kind) {
		read_error(reading, setting, "%s: %s is a %s plugin; %s wants a %s plugin", name,
		           plugin->entry.name, plugin_kind_name(plugin->entry.kind), name,
		           plugin_kind_name(kind));
		return NULL;
	}
	return plugin;
}

/* The plugin itself, and what its options make of the group. */
static bool bind_plugin(struct reading *reading, const config_setting_t *group, uint32_t kind,
                        const char *const *reserved, struct role *role)
{
	struct option_source options = {.group = group, .role = role->name, .reserved = reserved};
	const struct plugin *plugin = find_plugin(reading, group, role->name, role->plugin_name, kind);
	void *config;

	if (plugin == NULL || (config = read_take(reading, 1, plugin->entry.config_size)) == NULL)
		return false;
	option_bind(plugin->entry.options, &options, config, &reading->pipeline->memory,
	            &reading->found);
	role->plugin = plugin;
	role->config = config;
	return true;
}

bool read_role(struct reading *reading, const config_setting_t *group, const char *name,
               uint32_t kind, const char *const *reserved, struct role *out)
{
	bool is_for_others = kind == VM_KIND_CODEC && reading->reader == PIPELINE_WORKER;
	const char *wanted = read_plugin_name(reading, group, name, kind), *file;
	size_t errors = reading->found.errors;
	struct role role = {0};

	if (wanted == NULL)
		return false;
	file = source_place(reading->source, config_setting_source_line(group), &role.line);
	if ((role.name = read_copy(reading, name, strlen(name))) == NULL ||
	    (role.plugin_name = read_copy(reading, wanted, strlen(wanted))) == NULL ||
	    (role.file = read_copy(reading, file, strlen(file))) == NULL)
		return false;
	if (!is_for_others && !bind_plugin(reading, group, kind, reserved, &role))
		return false;
	*out = role;
	return reading->found.errors == errors;
}
