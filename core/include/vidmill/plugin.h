/* plugin.h - the one symbol that a plugin exports, and the handshake over it. */
#ifndef VIDMILL_PLUGIN_H
#define VIDMILL_PLUGIN_H

#include <vidmill/codec.h>
#include <vidmill/compute.h>
#include <vidmill/meta.h>
#include <vidmill/option.h>
#include <vidmill/queue.h>
#include <vidmill/storage.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * History of the ABI
 *   1.0  first
 *
 * What is appended (an operation, a field at the end of a struct that begins
 * with its size) makes a new minor; anything else makes a new major. A host
 * refuses another major and a newer minor, and names both versions.
 */
#define VM_ABI_MAJOR 1
#define VM_ABI_MINOR 0
#define VM_PLUGIN_MAGIC 0x564D504Cu /* "VMPL" */
#define VM_PLUGIN_SYMBOL "vm_plugin_entry"

enum vm_kind {
	VM_KIND_STORAGE = 1,
	VM_KIND_QUEUE = 2,
	VM_KIND_COMPUTE = 3,
	VM_KIND_META = 4,
	VM_KIND_CODEC = 5
};

/* How many operations of one plugin may run at once. The host enforces it; 0 is refused. */
enum vm_threads {
	VM_THREADS_SERIAL = 1,       /* one in the whole process */
	VM_THREADS_PER_INSTANCE = 2, /* one for each instance */
	VM_THREADS_PARALLEL = 3      /* any number */
};

/* Says one line about what provision did or would do; it is printed as it is. */
typedef void vm_say_fn(void *ctx, const char *line);

/* Who asks a service for something. */
enum vm_party {
	VM_PARTY_SERVER = 1, /* vidmill serve */
	VM_PARTY_WORKER = 2, /* vidmill work */
	VM_PARTY_STARTER =
	    3, /* what a service itself does to start a task: pull its image, take its log */
	VM_PARTY_LAST = VM_PARTY_STARTER
};

struct vm_plugin {
	/* The first 16 bytes are frozen for ever: VM_PLUGIN(kind) writes them. */
	uint32_t magic;
	uint16_t abi_major, abi_minor;
	uint32_t size;
	uint32_t kind; /* enum vm_kind */

	const char *name;    /* "storage-s3": data, never taken from the file's name */
	const char *version; /* the plugin's own */
	const char *summary; /* one sentence */
	enum vm_threads threads;
	uint32_t reserved;
	const struct vm_option *options; /* ended by a row without name; may be NULL */
	size_t config_size;              /* of the struct that the options are bound to */

	union {
		const struct vm_storage_ops *storage;
		const struct vm_queue_ops *queue;
		const struct vm_compute_ops *compute;
		const struct vm_meta_ops *meta;
		const struct vm_codec_ops *codec;
	} ops;

	/* [main thread] Optional. Once, before anything else: global initialisation of libraries. */
	int (*load)(struct vm_error *err);

	/* [main thread] Optional. Rules across options; no I/O, nothing kept. */
	int (*check)(const void *config, struct vm_error *err);

	/*
	 * [main thread] Makes an instance; no I/O. `config` (the struct that the
	 * options fill, strings and lists included) and `host` outlive the instance
	 * and are not to be copied or freed. *self is written on success only.
	 */
	int (*create)(const struct vm_host *host, const void *config, void **self,
	              struct vm_error *err);

	/* [main thread] After every operation has returned. Accepts NULL. */
	void (*destroy)(void *self);

	/* [main thread] Optional. Once, before the process ends, after the last destroy. */
	void (*unload)(void);

	/* [worker thread] Optional, for `check --connect`: reaches what the options name and changes
	 * nothing. */
	int (*connect)(void *self, const struct vm_call *call, struct vm_error *err);

	/* [worker thread] Optional. Creates what the options name, idempotently, and says what it did;
	 * with dry_run only says it. */
	int (*provision)(void *self, bool dry_run, vm_say_fn *say, void *ctx,
	                 const struct vm_call *call, struct vm_error *err);

	/*
	 * [worker thread] Optional. The least that the service must allow a party to
	 * do, one line for each statement in the service's own language: for AWS a
	 * statement of an IAM policy, as JSON. Changes nothing.
	 */
	int (*permissions)(void *self, enum vm_party party, vm_say_fn *say, void *ctx,
	                   const struct vm_call *call, struct vm_error *err);
};

#define VM_PLUGIN(kind_)                                                                           \
	.magic = VM_PLUGIN_MAGIC, .abi_major = VM_ABI_MAJOR, .abi_minor = VM_ABI_MINOR,                \
	.size = sizeof(struct vm_plugin), .kind = (kind_)

extern VM_EXPORT const struct vm_plugin vm_plugin_entry;

#ifdef __cplusplus
}
#endif

#endif
