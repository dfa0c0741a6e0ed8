/* option_bind_list.c - options that are lists: of texts, and of groups with their own table. */
#include "plugin/option_binding.h"

#include <stdio.h>
#include <string.h>

#include "plugin/option_memory.h"
#include "plugin/option_value.h"

#define NAME_MAX_LENGTH 96

static bool is_choice(const struct vm_option *row, const char *text)
{
	for (const char *const *choice = row->choices; choice != NULL && *choice != NULL; choice++)
		if (strcmp(*choice, text) == 0)
			return true;
	return row->choices == NULL;
}

void option_bind_strings(const struct binding *binding, const struct vm_option *row,
                         const config_setting_t *list, struct vm_strings *field)
{
	size_t count = (size_t)config_setting_length(list);
	const char **items = option_memory_take(binding->memory, count, sizeof *items);

	if (items == NULL) {
		option_bind_no_memory(binding);
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *item = config_setting_get_elem(list, i);
		const char *text = config_setting_get_string(item); /* NULL: it is something else */
		char name[NAME_MAX_LENGTH];

		snprintf(name, sizeof name, "%s[%u]", row->name, i);
		if (text == NULL)
			option_report_wrong(&binding->report, item, row, name,
			                    option_type_wants(VM_OPTION_STRING));
		else if (!is_choice(row, text))
			option_report_choice(&binding->report, item, row, name);
		else
			option_bind_text(binding, row, item, text, &items[i]);
	}
	*field = (struct vm_strings){.items = items, .count = count};
}

/* Strings of one row that must differ from entry to entry. */
static void check_unique(const struct binding *binding, const struct vm_option *row,
                         const struct vm_option *unique, const config_setting_t *list,
                         const struct vm_groups *groups)
{
	const char *const entries = groups->items;
	char name[NAME_MAX_LENGTH];

	for (unsigned i = 0; i < groups->count; i++) {
		const char *const *a = (const void *)(entries + i * row->group_size + unique->offset);

		for (unsigned j = 0; j < i && *a != NULL; j++) {
			const char *const *b = (const void *)(entries + j * row->group_size + unique->offset);

			if (*b == NULL || strcmp(*a, *b) != 0)
				continue;
			snprintf(name, sizeof name, "%s[%u].%s", row->name, i, unique->name);
			option_report_text(&binding->report, config_setting_get_elem(list, i), name,
			                   "is \"%s\", as in %s[%u]; no two may be the same", *a, row->name, j);
			break;
		}
	}
}

/* One group may stand for a list of one. */
static const config_setting_t *group_at(const config_setting_t *list, unsigned index)
{
	return config_setting_is_group(list) ? list : config_setting_get_elem(list, index);
}

void option_bind_groups(const struct binding *binding, const struct vm_option *row,
                        const config_setting_t *list, struct vm_groups *field)
{
	size_t count = config_setting_is_group(list) ? 1 : (size_t)config_setting_length(list);
	char *items = option_memory_take(binding->memory, count, row->group_size);

	if (items == NULL) {
		option_bind_no_memory(binding);
		return;
	}
	*field = (struct vm_groups){.items = items, .count = count};
	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *group = group_at(list, i);
		char name[NAME_MAX_LENGTH];
		struct binding entry = *binding;

		snprintf(name, sizeof name, "%s%s%s[%u]", binding->report.entry,
		         *binding->report.entry != '\0' ? "." : "", row->name, i);
		entry.report.entry = name;
		if (config_setting_is_group(group)) {
			option_bind_group(&entry, row->group, group, NULL, items + i * row->group_size);
		} else {
			snprintf(name, sizeof name, "%s[%u]", row->name, i);
			option_report_wrong(&binding->report, group, row, name, "a group such as { … }");
		}
	}
	for (const struct vm_option *unique = row->group; unique->name != NULL; unique++)
		if ((unique->flags & VM_UNIQUE) != 0)
			check_unique(binding, row, unique, list, field);
}
