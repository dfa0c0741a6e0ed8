/* handshake.c - versions and sizes compared, then copies of what the plugin declares. */
#include "plugin/handshake.h"

#include <string.h>

/* The first 16 bytes of every descriptor of every version. */
struct frozen {
	uint32_t magic;
	uint16_t abi_major, abi_minor;
	uint32_t size;
	uint32_t kind;
};

static const size_t ops_bytes[] = {
    [VM_KIND_STORAGE] = sizeof(struct vm_storage_ops),
    [VM_KIND_QUEUE] = sizeof(struct vm_queue_ops),
    [VM_KIND_COMPUTE] = sizeof(struct vm_compute_ops),
    [VM_KIND_META] = sizeof(struct vm_meta_ops),
    [VM_KIND_CODEC] = sizeof(struct vm_codec_ops),
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int check_frozen(const char *path, const struct frozen *frozen, size_t symbol_bytes,
                        struct vm_error *err)
{
	if (frozen->magic != VM_PLUGIN_MAGIC)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: its " VM_PLUGIN_SYMBOL
		               " is no descriptor: it begins with 0x%08x, not 0x%08x",
		               path, frozen->magic, VM_PLUGIN_MAGIC);
	if (frozen->abi_major != VM_ABI_MAJOR || frozen->abi_minor > VM_ABI_MINOR)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: built for plugin ABI %u.%u; this vidmill speaks %u.%u", path,
		               frozen->abi_major, frozen->abi_minor, VM_ABI_MAJOR, VM_ABI_MINOR);
	if (frozen->size < sizeof *frozen || (symbol_bytes != 0 && frozen->size > symbol_bytes))
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: its descriptor claims %u bytes, which is not what the file holds", path,
		               frozen->size);
	if (plugin_kind_name(frozen->kind) == NULL)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: is a plugin of kind %u, which this vidmill does not know", path,
		               frozen->kind);
	return VM_OK;
}

/* Every member of either union lies at the same place, so one of them stands for all. */
static int copy_operations(struct plugin *plugin, struct vm_error *err)
{
	const void *table = plugin->entry.ops.storage;
	uint32_t size;

	if (table == NULL)
		return vm_fail(err, VM_ERR_CONFIG, "%s: the descriptor has no table of operations",
		               plugin->path);
	memcpy(&size, table, sizeof size);
	if (size < 2 * sizeof size)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: its table of operations does not begin with its own size",
		               plugin->path);
	size = (uint32_t)smaller(size, ops_bytes[plugin->entry.kind]);
	memcpy(&plugin->ops, table, size);
	plugin->ops.storage.size = size;
	plugin->entry.ops.storage = &plugin->ops.storage;
	return VM_OK;
}

int handshake_read(const void *symbol, size_t symbol_bytes, struct plugin *plugin,
                   struct vm_error *err)
{
	struct frozen frozen;
	int status;

	if (symbol_bytes != 0 && symbol_bytes < sizeof frozen)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: its " VM_PLUGIN_SYMBOL " is no descriptor: %zu bytes", plugin->path,
		               symbol_bytes);
	memcpy(&frozen, symbol, sizeof frozen);
	status = check_frozen(plugin->path, &frozen, symbol_bytes, err);
	if (status != VM_OK)
		return status;

	/* Where an older plugin ends, the copy stays zero: absent. */
	memcpy(&plugin->entry, symbol, smaller(frozen.size, sizeof plugin->entry));
	plugin->entry.size = (uint32_t)smaller(frozen.size, sizeof plugin->entry);
	if ((status = copy_operations(plugin, err)) != VM_OK ||
	    (status = require_parts(plugin, err)) != VM_OK)
		return status;
	return check_options(plugin, err);
}
