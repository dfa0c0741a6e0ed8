/* read_places.c - the sections storage, queue, compute and meta: which plugin stands where. */
#include "pipeline/reading.h"

#include <stdio.h>
#include <string.h>

#include "support/suggest.h"

static const char *const places[] = {"unprocessed", "processed"};

static const char *const reserved[] = {"plugin", NULL};

static bool is_split(const config_setting_t *section)
{
	return config_setting_get_member(section, "plugin") == NULL &&
	       (config_setting_get_member(section, places[0]) != NULL ||
	        config_setting_get_member(section, places[1]) != NULL);
}

static void report_unknown_places(struct reading *reading, const config_setting_t *section,
                                  const char *name)
{
	for (unsigned i = 0; i < (unsigned)config_setting_length(section); i++) {
		const config_setting_t *setting = config_setting_get_elem(section, i);
		const char *place = config_setting_name(setting);
		const char *near = suggest_name(place, places, 2);

		if (strcmp(place, places[0]) == 0 || strcmp(place, places[1]) == 0)
			continue;
		if (near != NULL)
			read_error(reading, setting, "%s: unknown place \"%s\"; did you mean \"%s\"?", name,
			           place, near);
		else
			read_error(reading, setting,
			           "%s: unknown place \"%s\"; there are unprocessed and processed", name,
			           place);
	}
}

static void read_place(struct reading *reading, const config_setting_t *section, const char *name,
                       uint32_t kind, const char *place, struct role **out)
{
	const config_setting_t *group = config_setting_get_member(section, place);
	char role_name[64];
	struct role *role = read_take(reading, 1, sizeof *role);

	snprintf(role_name, sizeof role_name, "%s.%s", name, place);
	if (group == NULL)
		read_error(reading, section, "%s: the place \"%s\" is missing", name, place);
	else if (role != NULL && read_is_group(reading, group, role_name) &&
	         read_role(reading, group, role_name, kind, reserved, role))
		*out = role;
}

/* One group that stands for a whole section. */
static struct role *read_whole(struct reading *reading, const config_setting_t *section,
                               const char *name, uint32_t kind)
{
	struct role *role = read_take(reading, 1, sizeof *role);

	if (role == NULL || !read_role(reading, section, name, kind, reserved, role))
		return NULL;
	return role;
}

/* False when the section is not there or no group. */
static bool is_section(struct reading *reading, const config_setting_t *section, const char *name)
{
	if (section == NULL)
		read_error(reading, NULL, "the section \"%s\" is missing", name);
	return section != NULL && read_is_group(reading, section, name);
}

static void read_split(struct reading *reading, const config_setting_t *section, const char *name,
                       uint32_t kind, struct role **unprocessed, struct role **processed)
{
	report_unknown_places(reading, section, name);
	read_place(reading, section, name, kind, places[0], unprocessed);
	read_place(reading, section, name, kind, places[1], processed);
}

void read_storage(struct reading *reading, const config_setting_t *section)
{
	struct pipeline *pipeline = reading->pipeline;

	if (!is_section(reading, section, "storage"))
		return;
	if (is_split(section)) {
		read_split(reading, section, "storage", VM_KIND_STORAGE, &pipeline->storage_unprocessed,
		           &pipeline->storage_processed);
	} else {
		pipeline->storage_unprocessed = read_whole(reading, section, "storage", VM_KIND_STORAGE);
		pipeline->storage_processed = pipeline->storage_unprocessed;
	}
}

/* The same plugin and config under another name. */
static struct role *rename_role(struct reading *reading, const struct role *role, const char *name)
{
	struct role *other = read_take(reading, 1, sizeof *other);

	if (other != NULL) {
		*other = *role;
		other->name = read_copy(reading, name, strlen(name));
	}
	return other;
}

void read_queue(struct reading *reading, const config_setting_t *section)
{
	struct pipeline *pipeline = reading->pipeline;
	const struct role *both;

	if (!is_section(reading, section, "queue"))
		return;
	if (is_split(section)) {
		read_split(reading, section, "queue", VM_KIND_QUEUE, &pipeline->queue_unprocessed,
		           &pipeline->queue_processed);
		return;
	}
	both = read_whole(reading, section, "queue", VM_KIND_QUEUE);
	if (both == NULL)
		return;
	pipeline->queue_unprocessed = rename_role(reading, both, "queue.unprocessed");
	pipeline->queue_processed = rename_role(reading, both, "queue.processed");
}

void read_compute(struct reading *reading, const config_setting_t *section)
{
	if (is_section(reading, section, "compute"))
		reading->pipeline->compute = read_whole(reading, section, "compute", VM_KIND_COMPUTE);
}

void read_meta(struct reading *reading, const config_setting_t *section)
{
	if (is_section(reading, section, "meta"))
		reading->pipeline->meta = read_whole(reading, section, "meta", VM_KIND_META);
}
