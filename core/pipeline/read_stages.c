/* read_stages.c - the stages, in their order, and what each of them reads. */
#include "pipeline/reading.h"

#include <stdio.h>
#include <string.h>

#include "support/suggest.h"

static const char *const reserved[] = {"name", "plugin", "from", NULL};

/* The name of the stage at `index` of the list; NULL when it has none that is text. */
static const char *name_at(const config_setting_t *stages, unsigned index)
{
	const config_setting_t *name = read_find(config_setting_get_elem(stages, index), "name");

	return name != NULL ? config_setting_get_string(name) : NULL;
}

static bool is_named(const config_setting_t *stages, unsigned from, unsigned to, const char *name)
{
	for (unsigned i = from; i < to; i++)
		if (name_at(stages, i) != NULL && strcmp(name_at(stages, i), name) == 0)
			return true;
	return false;
}

static void read_stage_name(struct reading *reading, const config_setting_t *stages, unsigned index,
                            const char *role, struct stage *stage)
{
	const config_setting_t *group = config_setting_get_elem(stages, index);
	const config_setting_t *setting = read_find(group, "name");
	const char *name = name_at(stages, index);

	if (setting == NULL)
		read_error(reading, group, "%s: has no name; write name = \"…\"", role);
	else if (name == NULL || !read_is_word(name))
		read_error(reading, setting,
		           "%s: name must be 1 to 32 small letters, digits and '-' in quotes", role);
	else if (is_named(stages, 0, index, name))
		read_error(reading, setting, "%s: an earlier stage is named \"%s\" already", role, name);
	else
		stage->name = read_copy(reading, name, strlen(name));
}

/* There is no stage `wanted` before this one. */
static void report_from(struct reading *reading, const config_setting_t *stages, unsigned index,
                        const char *role, const config_setting_t *at, const char *wanted)
{
	const char *names[64], *own = name_at(stages, index), *near;
	size_t n_names = 0;

	for (unsigned i = 0; i < index && n_names < 64; i++)
		if (name_at(stages, i) != NULL)
			names[n_names++] = name_at(stages, i);
	near = suggest_name(wanted, names, n_names);
	if (own != NULL && strcmp(own, wanted) == 0)
		read_error(reading, at, "%s: from: a stage cannot read what it makes itself", role);
	else if (is_named(stages, index + 1, (unsigned)config_setting_length(stages), wanted))
		read_error(reading, at, "%s: from: the stage \"%s\" comes later; put it before this one",
		           role, wanted);
	else if (near != NULL)
		read_error(reading, at, "%s: from: there is no stage \"%s\"; did you mean \"%s\"?", role,
		           wanted, near);
	else
		read_error(reading, at, "%s: from: there is no stage \"%s\" before this one", role, wanted);
}

/* "web/1080p.mp4": an output of an earlier stage. */
static void read_from(struct reading *reading, const config_setting_t *stages, unsigned index,
                      const char *role, struct stage *stage)
{
	const config_setting_t *setting = read_find(config_setting_get_elem(stages, index), "from");
	const char *from, *slash;

	if (setting == NULL)
		return;
	from = config_setting_get_string(setting);
	slash = from != NULL ? strchr(from, '/') : NULL;
	if (slash == NULL || slash == from || slash[1] == '\0') {
		read_error(reading, setting,
		           "%s: from must be a stage and its output such as \"web/1080p.mp4\"", role);
		return;
	}
	stage->from_stage = read_copy(reading, from, (size_t)(slash - from));
	stage->from_output = read_copy(reading, slash + 1, strlen(slash + 1));
	if (stage->from_stage != NULL && !is_named(stages, 0, index, stage->from_stage))
		report_from(reading, stages, index, role, setting, stage->from_stage);
}

static void read_stage(struct reading *reading, const config_setting_t *stages, unsigned index,
                       struct stage *stage)
{
	const config_setting_t *group = config_setting_get_elem(stages, index);
	char role[64];

	snprintf(role, sizeof role, "stages[%u]", index);
	if (!read_is_group(reading, group, role))
		return;
	read_stage_name(reading, stages, index, role, stage);
	if (stage->name != NULL)
		snprintf(role, sizeof role, "stages.%s", stage->name);
	read_from(reading, stages, index, role, stage);
	if (read_role(reading, group, role, VM_KIND_CODEC, reserved, &stage->role))
		stage->line = stage->role.line;
}

void read_stages(struct reading *reading, const config_setting_t *section)
{
	struct pipeline *pipeline = reading->pipeline;
	struct stage *stages;
	unsigned count;

	if (section == NULL) {
		read_error(reading, NULL, "the section \"stages\" is missing");
		return;
	}
	count = config_setting_is_list(section) ? (unsigned)config_setting_length(section) : 0;
	if (count == 0) {
		read_error(reading, section, "stages must be a list of groups such as ( { name = …; } )");
		return;
	}
	stages = read_take(reading, count, sizeof *stages);
	if (stages == NULL)
		return;
	for (unsigned i = 0; i < count; i++)
		read_stage(reading, section, i, &stages[i]);
	pipeline->stages = stages;
	pipeline->n_stages = count;
}
