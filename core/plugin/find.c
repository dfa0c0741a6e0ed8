/* find.c - the plugins of this process: where their files are looked for, each opened once. */
#include "plugin/load.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/open.h"
#include "plugin/search.h"

int plugins_init(struct plugins *plugins, const char *search_path, struct vm_error *err)
{
	char *path = NULL;
	int status;

	if (search_path == NULL)
		search_path = secure_getenv("VIDMILL_PLUGIN_PATH");
	if (search_path == NULL) {
		status = search_default_path(&path, err);
		if (status != VM_OK)
			return status;
	} else if ((path = strdup(search_path)) == NULL) {
		return vm_fail_memory(err);
	}
	*plugins = (struct plugins){.search_path = path};
	return VM_OK;
}

void plugins_finish(struct plugins *plugins)
{
	struct plugin *plugin;

	while ((plugin = plugins->first) != NULL) {
		plugins->first = plugin->next;
		if (plugin->life->loaded && plugin->entry.unload != NULL)
			plugin->entry.unload();
		plugin_free(plugin);
	}
	free(plugins->search_path);
	plugins->search_path = NULL;
}

static struct plugin *find_opened(const struct plugins *plugins, const char *path)
{
	struct stat wanted, opened;
	struct plugin *plugin;

	if (stat(path, &wanted) != 0)
		return NULL;
	for (plugin = plugins->first; plugin != NULL; plugin = plugin->next)
		if (stat(plugin->path, &opened) == 0 && opened.st_dev == wanted.st_dev &&
		    opened.st_ino == wanted.st_ino)
			return plugin;
	return NULL;
}

/* `name` NULL: found by its path, so that any name will do that nobody else has. */
static int check_name(const struct plugins *plugins, const struct plugin *plugin, const char *name,
                      struct vm_error *err)
{
	const char *own = plugin->entry.name;
	const struct plugin *other;

	if (name != NULL && strcmp(own, name) != 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: holds the plugin \"%s\", not \"%s\": a file bears its plugin's name",
		               plugin->path, own, name);
	for (other = plugins->first; other != NULL; other = other->next)
		if (strcmp(other->entry.name, own) == 0)
			return vm_fail(err, VM_ERR_CONFIG, "%s: holds the plugin \"%s\", and so does %s",
			               plugin->path, own, other->path);
	return VM_OK;
}

int plugins_find(struct plugins *plugins, const char *name, struct plugin **out,
                 struct vm_error *err)
{
	bool is_path = strchr(name, '/') != NULL;
	char path[PATH_MAX];
	struct plugin *plugin;
	int status;

	if (!is_path) {
		status = search_file(plugins->search_path, name, path, err);
		if (status != VM_OK)
			return status;
	}
	plugin = find_opened(plugins, is_path ? name : path);
	if (plugin == NULL) {
		status = plugin_open(is_path ? name : path, &plugin, err);
		if (status != VM_OK)
			return status;
		status = check_name(plugins, plugin, is_path ? NULL : name, err);
		if (status != VM_OK) {
			plugin_free(plugin);
			return status;
		}
		plugin->next = plugins->first;
		plugins->first = plugin;
	}
	*out = plugin;
	return VM_OK;
}

int plugins_load(const struct plugin *plugin, struct vm_error *err)
{
	int status = VM_OK;

	if (!plugin->life->loaded && plugin->entry.load != NULL)
		status = plugin->entry.load(err);
	plugin->life->loaded = status == VM_OK;
	return status;
}

int plugins_each(struct plugins *plugins, plugins_each_fn *each, plugins_refused_fn *refused,
                 void *ctx, struct vm_error *err)
{
	struct search_names names;
	struct vm_error error;
	struct plugin *plugin;
	int status = search_names(plugins->search_path, &names, err);

	if (status != VM_OK)
		return status;
	for (size_t i = 0; i < names.count; i++) {
		if (plugins_find(plugins, names.items[i], &plugin, &error) == VM_OK)
			each(ctx, plugin);
		else
			refused(ctx, &error);
	}
	search_names_finish(&names);
	return VM_OK;
}
