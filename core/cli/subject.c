/* subject.c - opening a plugin under test and binding its options. */
#include "cli/subject.h"

#include <libconfig.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The widest field that an option has. */
#define FIELD_BYTES_MAX 16

static int read_config(const char *path, config_t *file)
{
	if (path == NULL || config_read_file(file, path) == CONFIG_TRUE)
		return EXIT_OK;
	if (config_error_type(file) == CONFIG_ERR_FILE_IO)
		fprintf(stderr, "vidmill test-plugin: %s: cannot be read\n", path);
	else
		fprintf(stderr, "%s:%d: error: %s\n", path, config_error_line(file),
		        config_error_text(file));
	return EXIT_CONFIG;
}

static int bind(struct subject *subject, const char *path)
{
	/* So that a group can be copied out of a pipeline file as it is. */
	static const char *const reserved[] = {"plugin", NULL};
	const struct vm_plugin *entry = &subject->plugin->entry;
	struct option_source source = {.role = entry->name, .reserved = reserved};
	struct diagnostics found = {0};
	config_t file;
	int code;

	config_init(&file);
	code = read_config(path, &file);
	if (code == EXIT_OK && entry->options != NULL) {
		if (path != NULL)
			source.group = config_root_setting(&file);
		option_bind(entry->options, &source, subject->config, &subject->memory, &found);
		diagnostics_print(&found, stderr);
		if (found.errors > 0)
			code = EXIT_CONFIG;
	}
	diagnostics_finish(&found);
	config_destroy(&file);
	return code;
}

int subject_open(const struct arguments *arguments, const char *file, const char *config,
                 struct subject *out)
{
	size_t length = strlen(file);
	char here[PATH_MAX];
	struct vm_error err;
	int status;

	*out = (struct subject){0};
	/* What has a '/' is a path; a name is looked for in the search path, as NAME.so. */
	if (strchr(file, '/') == NULL && length > 3 && strcmp(file + length - 3, ".so") == 0) {
		snprintf(here, sizeof here, "./%s", file);
		file = here;
	}
	status = plugins_init(&out->plugins, arguments->plugin_path, &err);
	if (status == VM_OK)
		status = plugins_find(&out->plugins, file, &out->plugin, &err);
	if (status != VM_OK) {
		fprintf(stderr, "vidmill test-plugin: %s\n", err.message);
		return status == VM_ERR_NOT_FOUND ? EXIT_NOT_FOUND : EXIT_CONFIG;
	}
	out->config = calloc(1, out->plugin->entry.config_size + 1);
	if (out->config == NULL) {
		fputs("vidmill test-plugin: out of memory\n", stderr);
		return EXIT_FAILED;
	}
	return bind(out, config);
}

void subject_close(struct subject *subject)
{
	option_memory_free(subject->memory);
	free(subject->config);
	plugins_finish(&subject->plugins);
}

/* Nothing is asked for, so that every row takes its default. */
static int read_table(const struct vm_option *table, size_t count, struct vm_option *rows,
                      struct vm_error *err)
{
	struct option_source source = {.role = "defaults"};
	struct option_memory *memory = NULL;
	struct diagnostics found = {0};
	size_t bytes = 1;
	void *config;
	int status = VM_OK;

	for (size_t i = 0; i < count; i++) {
		rows[i] = table[i];
		rows[i].flags &= ~(uint32_t)VM_REQUIRED;
		if (bytes < rows[i].offset + FIELD_BYTES_MAX)
			bytes = rows[i].offset + FIELD_BYTES_MAX;
	}
	config = calloc(1, bytes);
	if (config == NULL)
		return vm_fail_memory(err);
	option_bind(rows, &source, config, &memory, &found);
	if (found.errors > 0)
		status = vm_fail(err, VM_ERR_CONFIG, "%s",
		                 found.count > 0 ? found.items[0].text : "out of memory");
	option_memory_free(memory);
	diagnostics_finish(&found);
	free(config);
	return status;
}

int subject_read_fallbacks(const struct vm_option *table, struct vm_error *err)
{
	struct vm_option *rows;
	size_t count = 0;
	int status;

	if (table == NULL)
		return VM_OK;
	while (table[count].name != NULL)
		count++;
	rows = calloc(count + 1, sizeof *rows);
	if (rows == NULL)
		return vm_fail_memory(err);
	status = read_table(table, count, rows, err);
	for (size_t i = 0; i < count && status == VM_OK; i++)
		if (table[i].type == VM_OPTION_GROUPS)
			status = subject_read_fallbacks(table[i].group, err);
	free(rows);
	return status;
}
