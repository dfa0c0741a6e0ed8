/* reading.h - one reading of a pipeline file, shared by the files that read its sections. */
#ifndef PIPELINE_READING_H
#define PIPELINE_READING_H

#include <libconfig.h>

#include "pipeline/pipeline.h"
#include "pipeline/source.h"
#include "plugin/option_bind.h"

/* What is found is told in lines of the source's text; pipeline_read says where those stood. */
struct reading {
	enum pipeline_reader reader;
	struct plugins *plugins;
	const struct source *source;
	struct pipeline *pipeline;
	struct diagnostics found;
};

/* Each reads one section into the pipeline; NULL: the file has none. */
void read_name(struct reading *reading, const config_setting_t *section);
void read_storage(struct reading *reading, const config_setting_t *section);
void read_queue(struct reading *reading, const config_setting_t *section);
void read_compute(struct reading *reading, const config_setting_t *section);
void read_meta(struct reading *reading, const config_setting_t *section);
void read_stages(struct reading *reading, const config_setting_t *section);
void read_policy(struct reading *reading, const config_setting_t *section);
void read_server(struct reading *reading, const config_setting_t *section);

/*
 * Reads a group that names a plugin of a kind: all in it but `reserved` is that
 * plugin's own. False when something is wrong; then it has been said.
 */
bool read_role(struct reading *reading, const config_setting_t *group, const char *name,
               uint32_t kind, const char *const *reserved, struct role *out);

/* Reads a group of the host's own options; NULL: their defaults. */
void read_options(struct reading *reading, const config_setting_t *section, const char *name,
                  const struct vm_option *table, const char *const *reserved, void *settings);

/* NULL: there is no such member, or `section` is NULL or no group. */
const config_setting_t *read_find(const config_setting_t *section, const char *name);

/* False when it is no group, which is said of `name`. */
bool read_is_group(struct reading *reading, const config_setting_t *setting, const char *name);

/* Small letters, digits and '-', 1 to 32 of them: names that become parts of others. */
bool read_is_word(const char *text);

void read_error(struct reading *reading, const config_setting_t *at, const char *format, ...)
    VM_PRINTF(3, 4);

/* Of the pipeline's memory; NULL: there is none left, which has been said. */
void *read_take(struct reading *reading, size_t count, size_t size);
char *read_copy(struct reading *reading, const char *text, size_t length);

#endif
