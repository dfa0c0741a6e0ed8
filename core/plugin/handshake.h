/* handshake.h - what a plugin's descriptor must say before the host believes it. */
#ifndef PLUGIN_HANDSHAKE_H
#define PLUGIN_HANDSHAKE_H

#include "plugin/load.h"

/*
 * Reads the descriptor at `symbol`, which has `symbol_bytes` bytes (0: not
 * known), into plugin->entry and plugin->ops. plugin->path begins each refusal.
 */
int handshake_read(const void *symbol, size_t symbol_bytes, struct plugin *plugin,
                   struct vm_error *err);

/* What must be there in the copies that handshake_read made. */
int require_parts(const struct plugin *plugin, struct vm_error *err);

/* Whether the option table, down to the tables of its groups, is one that can be bound. */
int check_options(const struct plugin *plugin, struct vm_error *err);

#endif
