/* fake_store.h - a storage plugin in memory that counts, fails and waits as it is told. */
#ifndef TESTS_WORKER_FAKE_STORE_H
#define TESTS_WORKER_FAKE_STORE_H

#include <pthread.h>

#include "plugin/instance.h"

#define FAKE_OBJECTS_MOST 256
#define FAKE_PARTS_MOST 64

struct fake_object {
	char key[VM_KEY_MAX];
	char content_type[128];
	unsigned char *bytes;
	struct vm_object about;
};

struct fake_upload {
	char key[VM_KEY_MAX];
	char id[32];
	bool over;
	struct {
		unsigned char *bytes;
		size_t length;
	} parts[FAKE_PARTS_MOST + 1];
};

enum fake_operation {
	FAKE_STAT,
	FAKE_READ,
	FAKE_PUT,
	FAKE_BEGIN,
	FAKE_PART,
	FAKE_COMMIT,
	FAKE_ABORT,
	FAKE_OPERATIONS
};

struct fake_store;

/* What the plugin is configured with. */
struct fake_store_config {
	struct fake_store *store;
};

struct fake_store {
	struct fake_store_config config; /* points to itself */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct fake_object objects[FAKE_OBJECTS_MOST];
	size_t n_objects;
	struct fake_upload uploads[FAKE_OBJECTS_MOST];
	size_t n_uploads;
	struct vm_storage_traits traits;

	unsigned calls[FAKE_OPERATIONS];
	uint64_t bytes_read;
	uint32_t part_order[FAKE_PARTS_MOST]; /* numbers as they arrived, of all uploads */
	size_t n_part_order;
	unsigned parts_now, parts_most; /* uploads of parts at the same time */

	/* What goes wrong: from the nth call on (from 1; 0: never), so many times. */
	struct {
		unsigned from, times;
		int status;
		bool after; /* it happens all the same */
	} fail[FAKE_OPERATIONS];
	bool hold_parts; /* parts wait until this is false or the call is cancelled */
	bool hold_reads;
	bool cut_reads; /* answers half of what is there */
	size_t told;    /* so much of a read is there, and told, before it fails or is held */
};

struct fake_store *fake_store_create(void);
/* Nobody uses it any more. */
void fake_store_destroy(struct fake_store *store);

struct instance *fake_store_instance(struct fake_store *store);
/* For a role of a pipeline, with &store->config. */
extern const struct plugin fake_storage_plugin;

/* Under lock. */
struct fake_object *fake_object_find(struct fake_store *store, const char *key);
struct fake_object *fake_object_add(struct fake_store *store, const char *key, const char *type,
                                    unsigned char *bytes, size_t length);

/* Bytes that tell their offset; returns the etag. */
const char *fake_store_fill(struct fake_store *store, const char *key, size_t bytes);
unsigned char fake_byte(uint64_t offset);
const struct fake_object *fake_store_find(struct fake_store *store, const char *key);
void fake_store_hold(struct fake_store *store, bool parts, bool reads);
/* Waits (with a deadline) until so many calls of an operation have begun. */
bool fake_store_wait_calls(struct fake_store *store, enum fake_operation operation, unsigned calls);
/* Uploads that were neither committed nor aborted. */
size_t fake_store_open_uploads(struct fake_store *store);

#endif
