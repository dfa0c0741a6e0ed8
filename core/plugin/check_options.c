/* check_options.c - an option table that cannot be bound is refused before it is used. */
#include "plugin/handshake.h"

#include <stdalign.h>
#include <string.h>

/* More rows than anybody writes: beyond them the table has lost its last one. */
enum { ROWS_MAX = 256, DEPTH_MAX = 4 };

/* The struct that the rows of one table fill. */
struct target {
	const char *path;   /* of the plugin */
	const char *within; /* the group's name and a dot; "" at the top */
	size_t bytes;
	unsigned depth;
	bool is_codec;
};

static const struct {
	size_t bytes, alignment;
} field_of[] = {
    [VM_OPTION_STRING] = {sizeof(const char *), alignof(const char *)},
    [VM_OPTION_INT] = {sizeof(int64_t), alignof(int64_t)},
    [VM_OPTION_BOOL] = {sizeof(bool), alignof(bool)},
    [VM_OPTION_SIZE] = {sizeof(uint64_t), alignof(uint64_t)},
    [VM_OPTION_DURATION] = {sizeof(uint64_t), alignof(uint64_t)},
    [VM_OPTION_CHOICE] = {sizeof(int), alignof(int)},
    [VM_OPTION_RATIONAL] = {sizeof(struct vm_rational), alignof(struct vm_rational)},
    [VM_OPTION_RATE] = {sizeof(uint64_t), alignof(uint64_t)},
    [VM_OPTION_STRINGS] = {sizeof(struct vm_strings), alignof(struct vm_strings)},
    [VM_OPTION_GROUPS] = {sizeof(struct vm_groups), alignof(struct vm_groups)},
};

static bool is_name(const char *name)
{
	return name[0] >= 'a' && name[0] <= 'z' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* The names that the pipeline file itself has in a plugin's group. */
static bool is_reserved(const struct target *target, const char *name)
{
	if (target->depth > 0)
		return false;
	return strcmp(name, "plugin") == 0 ||
	       (target->is_codec && (strcmp(name, "name") == 0 || strcmp(name, "from") == 0));
}

static bool is_named_before(const struct vm_option *table, const struct vm_option *row)
{
	while (table != row)
		if (strcmp(table++->name, row->name) == 0)
			return true;
	return false;
}

static bool fits(const struct target *target, const struct vm_option *row)
{
	size_t bytes = field_of[row->type].bytes;

	return bytes <= target->bytes && row->offset <= target->bytes - bytes &&
	       row->offset % field_of[row->type].alignment == 0;
}

/* What is wrong with a row, to be said behind its name; NULL: nothing. */
static const char *fault_of(const struct target *target, const struct vm_option *table,
                            const struct vm_option *row)
{
	bool is_string = row->type == VM_OPTION_STRING;

	if (!is_name(row->name))
		return "its name must be small letters, digits and '_'";
	if (is_reserved(target, row->name))
		return "the pipeline file uses this name itself";
	if (is_named_before(table, row))
		return "two rows have this name";
	if (row->type < VM_OPTION_STRING || row->type > VM_OPTION_GROUPS)
		return "its type is not one that this vidmill knows";
	if (row->doc == NULL || row->doc[0] == '\0' || row->doc[strlen(row->doc) - 1] != '.')
		return "its doc must be a sentence that ends with a full stop";
	if (!fits(target, row))
		return "its field does not lie within the config struct";
	if (row->min > row->max && row->max != 0)
		return "its min is above its max";
	if ((row->flags & VM_REQUIRED) && row->fallback != NULL)
		return "it is required and has a fallback as well";
	if ((row->flags & VM_SECRET) && !is_string)
		return "only a string can be secret";
	if ((row->flags & VM_UNIQUE) && (!is_string || target->depth == 0))
		return "only a string in a group can be unique";
	if (row->type == VM_OPTION_CHOICE && (row->choices == NULL || row->choices[0] == NULL))
		return "it has no choices";
	if (row->type == VM_OPTION_GROUPS && (row->group == NULL || row->group_size == 0))
		return "it has no table for its groups";
	if (row->type == VM_OPTION_GROUPS && target->depth == DEPTH_MAX)
		return "its groups are nested too deep";
	return NULL;
}

static int check_table(const struct target *target, const struct vm_option *table,
                       struct vm_error *err)
{
	const struct vm_option *row;
	const char *fault;
	char within[256];
	struct target group;
	int status = VM_OK;

	for (row = table; row->name != NULL && status == VM_OK; row++) {
		if (row - table == ROWS_MAX)
			return vm_fail(err, VM_ERR_CONFIG,
			               "%s: its option table does not end with a row without name",
			               target->path);
		fault = fault_of(target, table, row);
		if (fault != NULL)
			return vm_fail(err, VM_ERR_CONFIG, "%s: option \"%s%s\": %s", target->path,
			               target->within, row->name, fault);
		if (row->type != VM_OPTION_GROUPS)
			continue;
		snprintf(within, sizeof within, "%s%s.", target->within, row->name);
		group = (struct target){target->path, within, row->group_size, target->depth + 1,
		                        target->is_codec};
		status = check_table(&group, row->group, err);
	}
	return status;
}

int check_options(const struct plugin *plugin, struct vm_error *err)
{
	const struct vm_plugin *entry = &plugin->entry;
	struct target target = {
	    .path = plugin->path,
	    .within = "",
	    .bytes = entry->config_size,
	    .is_codec = entry->kind == VM_KIND_CODEC,
	};

	return entry->options != NULL ? check_table(&target, entry->options, err) : VM_OK;
}
