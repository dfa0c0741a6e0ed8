/* require.c - the fields and operations without which a plugin is refused, by name. */
#include "plugin/handshake.h"

#include <string.h>

enum { NAME_MAX_BYTES = 64 };

struct operation {
	const char *name;
	size_t offset;
};

#define OPERATION(table, member)                                                                   \
	{                                                                                              \
#member, offsetof(struct table, member)                                                    \
	}

/* What vidmill/<kind>.h does not mark as optional. */
static const struct operation storage_needs[] = {
    OPERATION(vm_storage_ops, traits),        OPERATION(vm_storage_ops, stat),
    OPERATION(vm_storage_ops, read_at),       OPERATION(vm_storage_ops, put),
    OPERATION(vm_storage_ops, upload_begin),  OPERATION(vm_storage_ops, upload_part),
    OPERATION(vm_storage_ops, upload_commit), OPERATION(vm_storage_ops, upload_abort),
    OPERATION(vm_storage_ops, remove),        OPERATION(vm_storage_ops, list),
    OPERATION(vm_storage_ops, list_uploads),  {NULL, 0},
};

static const struct operation queue_needs[] = {
    OPERATION(vm_queue_ops, traits),
    OPERATION(vm_queue_ops, send),
    OPERATION(vm_queue_ops, receive),
    OPERATION(vm_queue_ops, extend),
    OPERATION(vm_queue_ops, remove),
    OPERATION(vm_queue_ops, dead_letter),
    OPERATION(vm_queue_ops, stats),
    OPERATION(vm_queue_ops, list_dead),
    OPERATION(vm_queue_ops, redrive),
    OPERATION(vm_queue_ops, remove_dead),
    {NULL, 0},
};

static const struct operation compute_needs[] = {
    OPERATION(vm_compute_ops, traits),   OPERATION(vm_compute_ops, start),
    OPERATION(vm_compute_ops, status),   OPERATION(vm_compute_ops, stop),
    OPERATION(vm_compute_ops, capacity), {NULL, 0},
};

static const struct operation meta_needs[] = {
    OPERATION(vm_meta_ops, index),
    OPERATION(vm_meta_ops, get),
    OPERATION(vm_meta_ops, put),
    OPERATION(vm_meta_ops, find),
    OPERATION(vm_meta_ops, count),
    OPERATION(vm_meta_ops, remove),
    {NULL, 0},
};

static const struct operation codec_needs[] = {
    OPERATION(vm_codec_ops, probe),
    OPERATION(vm_codec_ops, run),
    OPERATION(vm_codec_ops, verify),
    {NULL, 0},
};

static const struct operation *const needs[] = {
    [VM_KIND_STORAGE] = storage_needs, [VM_KIND_QUEUE] = queue_needs,
    [VM_KIND_COMPUTE] = compute_needs, [VM_KIND_META] = meta_needs,
    [VM_KIND_CODEC] = codec_needs,
};

static bool is_there(const void *table, size_t offset)
{
	void (*function)(void);

	memcpy(&function, (const char *)table + offset, sizeof function);
	return function != NULL;
}

static int lacks(const struct plugin *plugin, const char *what, struct vm_error *err)
{
	return vm_fail(err, VM_ERR_CONFIG, "%s: the descriptor has no %s", plugin->path, what);
}

static int check_words(const struct plugin *plugin, struct vm_error *err)
{
	const struct vm_plugin *entry = &plugin->entry;
	size_t length;

	if (entry->name == NULL || entry->name[0] == '\0')
		return lacks(plugin, "name", err);
	length = strspn(entry->name, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (entry->name[length] != '\0' || length > NAME_MAX_BYTES)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: its name must be at most %d small letters, digits and '-'",
		               plugin->path, NAME_MAX_BYTES);
	if (entry->version == NULL || entry->version[0] == '\0')
		return lacks(plugin, "version", err);
	if (entry->summary == NULL || entry->summary[0] == '\0')
		return lacks(plugin, "summary", err);
	if (entry->summary[strlen(entry->summary) - 1] != '.')
		return vm_fail(err, VM_ERR_CONFIG, "%s: its summary does not end with a full stop",
		               plugin->path);
	return VM_OK;
}

int require_parts(const struct plugin *plugin, struct vm_error *err)
{
	const struct vm_plugin *entry = &plugin->entry;
	const struct operation *need;
	int status = check_words(plugin, err);

	if (status != VM_OK)
		return status;
	if (entry->threads < VM_THREADS_SERIAL || entry->threads > VM_THREADS_PARALLEL)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: does not say how many operations may run at once: threads is %d",
		               plugin->path, (int)entry->threads);
	if (entry->create == NULL)
		return lacks(plugin, "create", err);
	if (entry->destroy == NULL)
		return lacks(plugin, "destroy", err);
	for (need = needs[entry->kind]; need->name != NULL; need++)
		if (!is_there(&plugin->ops, need->offset))
			return vm_fail(err, VM_ERR_CONFIG, "%s: a %s plugin must have the operation %s",
			               plugin->path, plugin_kind_name(entry->kind), need->name);
	return VM_OK;
}
