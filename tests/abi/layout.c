/* layout.c - what plugins that were built yesterday rely on, as assertions of the compiler. */
#include <assert.h>

#include <vidmill/plugin.h>

/* Frozen for ever, on every machine: by these a host of any version knows whom it talks to. */
static_assert(offsetof(struct vm_plugin, magic) == 0, "frozen");
static_assert(offsetof(struct vm_plugin, abi_major) == 4, "frozen");
static_assert(offsetof(struct vm_plugin, abi_minor) == 6, "frozen");
static_assert(offsetof(struct vm_plugin, size) == 8, "frozen");
static_assert(offsetof(struct vm_plugin, kind) == 12, "frozen");
static_assert(offsetof(struct vm_plugin, name) == 16, "frozen");
static_assert(VM_PLUGIN_MAGIC == 0x564D504C, "frozen");

/* The error crosses the ABI on the caller's stack, so that it can never grow. */
static_assert(sizeof(struct vm_error) == 512, "one error is 512 bytes");

/* Every table and every struct that may grow begins with its size. */
#define GROWS(type) static_assert(offsetof(struct type, size) == 0, #type " begins with its size")
GROWS(vm_host);
GROWS(vm_call_table);
GROWS(vm_storage_traits);
GROWS(vm_storage_ops);
GROWS(vm_queue_traits);
GROWS(vm_queue_stats);
GROWS(vm_queue_ops);
GROWS(vm_task_status);
GROWS(vm_compute_traits);
GROWS(vm_compute_ops);
GROWS(vm_meta_ops);
GROWS(vm_limits);
GROWS(vm_codec_job);
GROWS(vm_codec_ops);

/* Numbers that lie in plugins' files. */
static_assert(VM_OK == 0 && VM_ERR_CONFIG == 1 && VM_ERR_NOT_FOUND == 2, "statuses");
static_assert(VM_ERR_CONFLICT == 3 && VM_ERR_DENIED == 4 && VM_ERR_THROTTLED == 5, "statuses");
static_assert(VM_ERR_UNAVAILABLE == 6 && VM_ERR_TIMEOUT == 7 && VM_ERR_CANCELLED == 8, "statuses");
static_assert(VM_ERR_BAD_DATA == 9 && VM_ERR_UNSUPPORTED == 10 && VM_ERR_LIMIT == 11, "statuses");
static_assert(VM_ERR_NO_MEMORY == 12 && VM_ERR_BUG == 13, "statuses");
static_assert(VM_KIND_STORAGE == 1 && VM_KIND_QUEUE == 2 && VM_KIND_COMPUTE == 3, "kinds");
static_assert(VM_KIND_META == 4 && VM_KIND_CODEC == 5, "kinds");
static_assert(VM_THREADS_SERIAL == 1 && VM_THREADS_PER_INSTANCE == 2, "threads");
static_assert(VM_THREADS_PARALLEL == 3, "threads");
static_assert(VM_OPTION_STRING == 1 && VM_OPTION_INT == 2 && VM_OPTION_BOOL == 3, "options");
static_assert(VM_OPTION_SIZE == 4 && VM_OPTION_DURATION == 5 && VM_OPTION_CHOICE == 6, "options");
static_assert(VM_OPTION_RATIONAL == 7 && VM_OPTION_RATE == 8, "options");
static_assert(VM_OPTION_STRINGS == 9 && VM_OPTION_GROUPS == 10, "options");
static_assert(VM_REQUIRED == 1 && VM_SECRET == 2 && VM_DEPRECATED == 4 && VM_UNIQUE == 8, "flags");
static_assert(VM_STOP == 0 && VM_MORE == 1, "more");
static_assert(VM_LOG_DEBUG == 1 && VM_LOG_INFO == 2, "levels");
static_assert(VM_LOG_WARNING == 3 && VM_LOG_ERROR == 4, "levels");
static_assert(VM_TASK_STARTING == 1 && VM_TASK_RUNNING == 2, "task states");
static_assert(VM_TASK_STOPPED == 3 && VM_TASK_UNKNOWN == 4, "task states");
static_assert(VM_FIELD_TEXT == 1 && VM_FIELD_INT == 2, "fields");
static_assert(VM_MATCH_EQUAL == 1 && VM_MATCH_BELOW_OR_EQUAL == 2, "matches");
static_assert(VM_MATCH_ABOVE_OR_EQUAL == 3, "matches");
static_assert(VM_ETAG_MAX == 128 && VM_UPLOAD_ID_MAX == 1024 && VM_TASK_MAX == 512, "lengths");

#if defined(__x86_64__) && defined(__LP64__)
#define SIZE(type, bytes) static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define OFFSET(type, member, bytes)                                                                \
	static_assert(offsetof(struct type, member) == (bytes), #type "." #member)
#include "layout_x86_64.h"
#endif
