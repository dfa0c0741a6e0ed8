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

static const struct plugin *find_plugin(struct reading *reading, const config_setting_t *group,
                                        const char *name, uint32_t kind)
{
	const config_setting_t *setting = config_setting_get_member(group, "plugin");
	const char *wanted;
	struct plugin *plugin;
	struct vm_error err;

	if (setting == NULL) {
		report_no_plugin(reading, group, name, kind);
		return NULL;
	}
	wanted = config_setting_get_string(setting);
	if (wanted == NULL || *wanted == '\0') {
		read_error(reading, setting, "%s: plugin must be a name in quotes", name);
		return NULL;
	}
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

bool read_role(struct reading *reading, const config_setting_t *group, const char *name,
               uint32_t kind, const char *const *reserved, struct role *out)
{
	struct option_source options = {.group = group, .role = name, .reserved = reserved};
	size_t errors = reading->found.errors;
	const struct plugin *plugin;
	const char *file;
	unsigned line;
	void *config;

	plugin = find_plugin(reading, group, name, kind);
	if (plugin == NULL)
		return false;
	config = read_take(reading, 1, plugin->entry.config_size);
	if (config == NULL)
		return false;
	option_bind(plugin->entry.options, &options, config, &reading->pipeline->memory,
	            &reading->found);
	file = source_place(reading->source, config_setting_source_line(group), &line);
	*out = (struct role){
	    .name = read_copy(reading, name, strlen(name)),
	    .plugin = plugin,
	    .config = config,
	    .file = read_copy(reading, file, strlen(file)),
	    .line = line,
	};
	return reading->found.errors == errors;
}
