/* plugin_print.c - a whole plugin, as text, as its page of the documentation and as JSON. */
#include "plugin/option_print.h"

/* The functions that a plugin of its kind may do without; what it has of them is worth telling. */
struct extra {
	const char *name;
	bool is_there;
};

#define N_EXTRAS 7

static void find_extras(const struct plugin *plugin, struct extra extras[N_EXTRAS + 1])
{
	const struct vm_plugin *entry = &plugin->entry;
	bool stores = entry->kind == VM_KIND_STORAGE;

	extras[0] = (struct extra){"check", entry->check != NULL};
	extras[1] = (struct extra){"connect", entry->connect != NULL};
	extras[2] = (struct extra){"provision", entry->provision != NULL};
	extras[3] = (struct extra){"presign", stores && plugin->ops.storage.presign != NULL};
	extras[4] = (struct extra){"decode_event", stores && plugin->ops.storage.decode_event != NULL};
	extras[5] = (struct extra){"presign_finish",
	                           stores && plugin->ops.storage.presign_finish != NULL};
	extras[6] = (struct extra){"permissions", entry->permissions != NULL};
	extras[7] = (struct extra){NULL, false};
}

static const struct {
	const char *name, *meaning;
} threads_words[] = {
    [VM_THREADS_SERIAL] = {"serial", "one operation at a time in the whole process"},
    [VM_THREADS_PER_INSTANCE] = {"per instance", "one operation at a time for each instance"},
    [VM_THREADS_PARALLEL] = {"parallel", "any number of operations at once"},
};

static void print_extras(const struct plugin *plugin, const char *quote, FILE *out)
{
	struct extra extras[N_EXTRAS + 1];
	const char *separator = "";

	find_extras(plugin, extras);
	for (const struct extra *extra = extras; extra->name != NULL; extra++) {
		if (extra->is_there) {
			fprintf(out, "%s%s%s%s", separator, quote, extra->name, quote);
			separator = ", ";
		}
	}
	if (*separator == '\0')
		fputs("none", out);
}

static bool has_options(const struct plugin *plugin)
{
	return plugin->entry.options != NULL && plugin->entry.options[0].name != NULL;
}

void plugin_print_text(const struct plugin *plugin, FILE *out)
{
	const struct vm_plugin *entry = &plugin->entry;

	fprintf(out, "%s %s, a %s plugin\n%s\n\n", entry->name, entry->version,
	        plugin_kind_name(entry->kind), entry->summary);
	fprintf(out, "threads   %s: %s\nextras    ", threads_words[entry->threads].name,
	        threads_words[entry->threads].meaning);
	print_extras(plugin, "", out);
	fprintf(out, "\nABI       %u.%u\nfile      %s\n\n", (unsigned)entry->abi_major,
	        (unsigned)entry->abi_minor, plugin->path);
	if (has_options(plugin)) {
		fputs("options\n", out);
		option_print_text(entry->options, out);
	} else {
		fputs("It takes no options.\n", out);
	}
}

void plugin_print_markdown(const struct plugin *plugin, FILE *out)
{
	const struct vm_plugin *entry = &plugin->entry;

	fprintf(out,
	        "<!-- Made by the target docs-plugins from the plugin's own tables: do not edit. -->\n"
	        "# %s\n\n%s\n\n"
	        "- kind: %s\n- version: %s\n- threads: %s, %s\n- optional functions it has: ",
	        entry->name, entry->summary, plugin_kind_name(entry->kind), entry->version,
	        threads_words[entry->threads].name, threads_words[entry->threads].meaning);
	print_extras(plugin, "`", out);
	fputs("\n\n## Options\n\n", out);
	if (has_options(plugin))
		option_print_markdown(entry->options, out);
	else
		fputs("It takes none.\n", out);
}

static json_t *extras_to_json(const struct plugin *plugin)
{
	struct extra extras[N_EXTRAS + 1];
	json_t *array = json_array();

	find_extras(plugin, extras);
	for (const struct extra *extra = extras; extra->name != NULL; extra++) {
		if (extra->is_there && json_array_append_new(array, json_string(extra->name)) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *plugin_to_json(const struct plugin *plugin)
{
	static const struct vm_option no_options[] = {{.name = NULL}};
	const struct vm_plugin *entry = &plugin->entry;

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:i, s:i}, s:s, s:o, s:o}", "name", entry->name,
	                 "kind", plugin_kind_name(entry->kind), "version", entry->version, "summary",
	                 entry->summary, "threads", threads_words[entry->threads].name, "abi", "major",
	                 entry->abi_major, "minor", entry->abi_minor, "file", plugin->path, "extras",
	                 extras_to_json(plugin), "options",
	                 option_to_json(entry->options != NULL ? entry->options : no_options));
}
