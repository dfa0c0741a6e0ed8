/* kind.c - the five kinds of plugin by number and by name. */
#include "plugin/load.h"

#include <string.h>

static const char *const kind_names[] = {
    [VM_KIND_STORAGE] = "storage", [VM_KIND_QUEUE] = "queue", [VM_KIND_COMPUTE] = "compute",
    [VM_KIND_META] = "meta",       [VM_KIND_CODEC] = "codec",
};

const char *plugin_kind_name(uint32_t kind)
{
	return kind <= VM_KIND_CODEC ? kind_names[kind] : NULL;
}

uint32_t plugin_kind_number(const char *name)
{
	for (uint32_t kind = VM_KIND_STORAGE; kind <= VM_KIND_CODEC; kind++)
		if (strcmp(name, kind_names[kind]) == 0)
			return kind;
	return 0;
}
