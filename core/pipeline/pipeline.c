/* pipeline.c - one pipeline file, from its bytes to a checked pipeline. */
#include "pipeline/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/reading.h"
#include "pipeline/scan.h"
#include "plugin/option_memory.h"
#include "support/suggest.h"

/* A section, and who has a use for it. */
struct section {
	const char *name;
	void (*read)(struct reading *reading, const config_setting_t *section);
	enum pipeline_reader last_reader;
};

static const struct section sections[] = {
    {"name", read_name, PIPELINE_CODEC},     {"storage", read_storage, PIPELINE_WORKER},
    {"queue", read_queue, PIPELINE_WORKER},  {"compute", read_compute, PIPELINE_SERVER},
    {"meta", read_meta, PIPELINE_SERVER},    {"stages", read_stages, PIPELINE_CODEC},
    {"policy", read_policy, PIPELINE_CODEC}, {"server", read_server, PIPELINE_SERVER},
};

#define N_SECTIONS (sizeof sections / sizeof sections[0])

static void report_unknown_section(struct reading *reading, const config_setting_t *setting)
{
	const char *name = config_setting_name(setting), *names[N_SECTIONS], *near;

	for (size_t i = 0; i < N_SECTIONS; i++) {
		names[i] = sections[i].name;
		if (strcmp(name, names[i]) == 0)
			return;
	}
	near = suggest_name(name, names, N_SECTIONS);
	if (near != NULL)
		read_error(reading, setting, "unknown section \"%s\"; did you mean \"%s\"?", name, near);
	else
		read_error(reading, setting,
		           "unknown section \"%s\"; there are name, storage, queue, compute, meta, stages, "
		           "policy and server",
		           name);
}

/* Settings given twice have been told of by the scan. */
static void drop_twice(config_setting_t *setting)
{
	for (int i = config_setting_length(setting) - 1; i >= 0; i--) {
		config_setting_t *member = config_setting_get_elem(setting, (unsigned)i);
		const char *name = config_setting_name(member);

		if (name != NULL && strncmp(name, SCAN_TWICE, strlen(SCAN_TWICE)) == 0)
			config_setting_remove_elem(setting, (unsigned)i);
		else if (config_setting_is_aggregate(member))
			drop_twice(member);
	}
}

static void read_sections(struct reading *reading, const config_setting_t *root)
{
	for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++)
		report_unknown_section(reading, config_setting_get_elem(root, i));
	for (size_t i = 0; i < N_SECTIONS; i++)
		if (reading->reader <= sections[i].last_reader)
			sections[i].read(reading, config_setting_get_member(root, sections[i].name));
}

static void parse(struct reading *reading)
{
	const char *text = reading->source->text.bytes;
	config_t config;

	config_init(&config);
	if (config_read_string(&config, text != NULL ? text : "") == CONFIG_TRUE) {
		drop_twice(config_root_setting(&config));
		read_sections(reading, config_root_setting(&config));
	} else {
		diagnostics_error(&reading->found, NULL, (unsigned)config_error_line(&config),
		                  "%s in this line or the one before; each setting ends with ';', text "
		                  "stands in quotes",
		                  config_error_text(&config));
	}
	config_destroy(&config);
}

/* From lines of the scanned text to those that people see. */
static void tell(const struct reading *reading, const char *path, struct diagnostics *found)
{
	for (size_t i = 0; i < reading->found.count; i++) {
		const struct diagnostic *item = &reading->found.items[i];
		const char *file = path;
		unsigned line = 0;

		if (item->line > 0)
			file = source_place(reading->source, item->line, &line);
		(item->is_warning ? diagnostics_warning : diagnostics_error)(found, file, line, "%s",
		                                                             item->text);
	}
	if (reading->found.incomplete) {
		found->incomplete = true;
		found->errors++;
	}
}

static int begin(struct reading *reading, struct source *source, const char *path,
                 struct diagnostics *found, struct vm_error *err)
{
	struct pipeline *pipeline = reading->pipeline;
	int status = source_init(source, err);

	if (status == VM_OK && !scan_file(source, path, found))
		status = VM_ERR_CONFIG;
	if (status == VM_OK)
		status = hash_text(source->hash, pipeline->hash, err);
	if (status == VM_OK &&
	    (pipeline->path = option_memory_copy(&pipeline->memory, path, strlen(path))) == NULL)
		status = vm_fail_memory(err);
	return status;
}

void pipeline_read_as(enum pipeline_reader reader, const char *path, struct plugins *plugins,
                      struct pipeline **out, struct diagnostics *found)
{
	struct source source = {0};
	struct reading reading = {
	    .reader = reader,
	    .plugins = plugins,
	    .source = &source,
	    .pipeline = calloc(1, sizeof *reading.pipeline),
	};
	size_t errors = found->errors;
	struct vm_error err;
	int status = reading.pipeline != NULL ? begin(&reading, &source, path, found, &err)
	                                      : vm_fail_memory(&err);

	if (status == VM_OK) {
		parse(&reading);
		tell(&reading, path, found);
	} else if (status != VM_ERR_CONFIG) {
		diagnostics_error(found, path, 0, "%s", err.message);
	}
	diagnostics_finish(&reading.found);
	source_finish(&source);
	if (found->errors == errors)
		*out = reading.pipeline;
	else
		pipeline_destroy(reading.pipeline);
}

void pipeline_read(const char *path, struct plugins *plugins, struct pipeline **out,
                   struct diagnostics *found)
{
	pipeline_read_as(PIPELINE_SERVER, path, plugins, out, found);
}

void pipeline_destroy(struct pipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	option_memory_free(pipeline->memory);
	free(pipeline);
}

const struct stage *pipeline_find_stage(const struct pipeline *pipeline, const char *name)
{
	for (size_t i = 0; i < pipeline->n_stages; i++)
		if (strcmp(pipeline->stages[i].name, name) == 0)
			return &pipeline->stages[i];
	return NULL;
}
