/* scan_names.c - the names of the settings in all groups that are open now. */
#include "pipeline/scan_names.h"

#include <stdlib.h>
#include <string.h>

int scan_names_add(struct scan_names *names, const struct scan_name *name, struct vm_error *err)
{
	size_t capacity = names->capacity != 0 ? 2 * names->capacity : 32;
	struct scan_name *items;

	if (names->count == names->capacity) {
		items = reallocarray(names->items, capacity, sizeof *items);
		if (items == NULL)
			return vm_fail_memory(err);
		names->items = items;
		names->capacity = capacity;
	}
	names->items[names->count++] = *name;
	return VM_OK;
}

int scan_names_enter(struct scan_names *names, unsigned file, unsigned line, struct vm_error *err)
{
	return scan_names_add(names, &(struct scan_name){.file = file, .line = line}, err);
}

const struct scan_name *scan_names_open(const struct scan_names *names)
{
	for (size_t i = names->count; i > 0; i--)
		if (names->items[i - 1].text == NULL)
			return &names->items[i - 1];
	return NULL;
}

void scan_names_leave(struct scan_names *names)
{
	const struct scan_name *open = scan_names_open(names);

	if (open != NULL)
		names->count = (size_t)(open - names->items);
}

const struct scan_name *scan_names_find(const struct scan_names *names,
                                        const struct scan_name *name)
{
	for (size_t i = names->count; i > 0 && names->items[i - 1].text != NULL; i--)
		if (names->items[i - 1].length == name->length &&
		    memcmp(names->items[i - 1].text, name->text, name->length) == 0)
			return &names->items[i - 1];
	return NULL;
}

void scan_names_finish(struct scan_names *names)
{
	free(names->items);
	*names = (struct scan_names){0};
}
