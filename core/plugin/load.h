/* load.h - finds a plugin's file, opens it and refuses what does not fit. */
#ifndef PLUGIN_LOAD_H
#define PLUGIN_LOAD_H

#include <vidmill/plugin.h>

#include "plugin/gate.h"

/* What changes while the process runs. */
struct plugin_life {
	bool loaded;      /* load succeeded, or there is none to call */
	struct gate gate; /* for VM_THREADS_SERIAL */
};

/*
 * One plugin. The descriptor and its table of operations are copies of the
 * host's, zeroed where an older plugin ends. The file is never closed again: its
 * code must stay for backtraces and for threads of libraries that never end.
 */
struct plugin {
	struct vm_plugin entry;
	union {
		struct vm_storage_ops storage;
		struct vm_queue_ops queue;
		struct vm_compute_ops compute;
		struct vm_meta_ops meta;
		struct vm_codec_ops codec;
	} ops; /* entry.ops points here */
	char *path;
	struct plugin_life *life;
	struct plugin *next;
};

/* All plugins of this process, each loaded once. [main thread] */
struct plugins {
	char *search_path; /* folders separated by ':' */
	struct plugin *first;
};

/*
 * `search_path` NULL: $VIDMILL_PLUGIN_PATH, else ../lib/vidmill beside the
 * program and the folder where they are installed (../lib/<triplet>/vidmill).
 */
int plugins_init(struct plugins *plugins, const char *search_path, struct vm_error *err);
/* Calls unload of each that was loaded. */
void plugins_finish(struct plugins *plugins);

/*
 * `name` is a plugin's name, looked for as NAME.so in the search path, or a
 * path when it has a '/'. The file is opened and its descriptor checked; none of
 * its functions is called. Each refusal is a sentence of its own, VM_ERR_CONFIG:
 * "x.so: built for plugin ABI 1.4; this vidmill speaks 1.0". VM_ERR_NOT_FOUND when
 * no folder of the search path has it.
 */
int plugins_find(struct plugins *plugins, const char *name, struct plugin **out,
                 struct vm_error *err);

/* Calls the plugin's load unless that was done and succeeded. [main thread] */
int plugins_load(const struct plugin *plugin, struct vm_error *err);

/* Every plugin of the search path, by name; files that are refused are handed to `refused`. */
typedef void plugins_each_fn(void *ctx, const struct plugin *plugin);
typedef void plugins_refused_fn(void *ctx, const struct vm_error *err);
int plugins_each(struct plugins *plugins, plugins_each_fn *each, plugins_refused_fn *refused,
                 void *ctx, struct vm_error *err);

/* "storage", "queue", "compute", "meta", "codec"; NULL for another number. */
const char *plugin_kind_name(uint32_t kind);
uint32_t plugin_kind_number(const char *name); /* 0: none */

#endif
