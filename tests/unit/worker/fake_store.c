/* fake_store.c - what tests ask of a storage in memory, and tell it. */
#include "fake_store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct fake_store *fake_store_create(void)
{
	struct fake_store *store = calloc(1, sizeof *store);

	store->config.store = store;
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->changed, NULL);
	store->traits = (struct vm_storage_traits){.size = sizeof store->traits,
	                                           .parts_max = 10000,
	                                           .part_bytes_min = 5 << 20,
	                                           .part_bytes_max = UINT64_C(5) << 30,
	                                           .object_bytes_max = UINT64_C(5) << 40};
	return store;
}

void fake_store_destroy(struct fake_store *store)
{
	for (size_t i = 0; i < store->n_objects; i++)
		free(store->objects[i].bytes);
	for (size_t i = 0; i < store->n_uploads; i++)
		for (size_t part = 0; part <= FAKE_PARTS_MOST; part++)
			free(store->uploads[i].parts[part].bytes);
	free(store);
}

unsigned char fake_byte(uint64_t offset)
{
	return (unsigned char)(offset * 31 + (offset >> 8) * 7 + (offset >> 16));
}

struct fake_object *fake_object_find(struct fake_store *store, const char *key)
{
	for (size_t i = 0; i < store->n_objects; i++)
		if (strcmp(store->objects[i].key, key) == 0)
			return &store->objects[i];
	return NULL;
}

const struct fake_object *fake_store_find(struct fake_store *store, const char *key)
{
	return fake_object_find(store, key);
}

struct fake_object *fake_object_add(struct fake_store *store, const char *key, const char *type,
                                    unsigned char *bytes, size_t length)
{
	struct fake_object *object = &store->objects[store->n_objects];

	snprintf(object->key, sizeof object->key, "%s", key);
	snprintf(object->content_type, sizeof object->content_type, "%s", type != NULL ? type : "");
	object->bytes = bytes;
	object->about.bytes = length;
	snprintf(object->about.etag, sizeof object->about.etag, "etag-%zu", store->n_objects + 1);
	store->n_objects++;
	return object;
}

const char *fake_store_fill(struct fake_store *store, const char *key, size_t bytes)
{
	unsigned char *filled = malloc(bytes + 1);

	for (size_t i = 0; i < bytes; i++)
		filled[i] = fake_byte(i);
	return fake_object_add(store, key, NULL, filled, bytes)->about.etag;
}

void fake_store_hold(struct fake_store *store, bool parts, bool reads)
{
	pthread_mutex_lock(&store->lock);
	store->hold_parts = parts;
	store->hold_reads = reads;
	pthread_cond_broadcast(&store->changed);
	pthread_mutex_unlock(&store->lock);
}

static struct timespec soon(int seconds)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_sec += seconds;
	return time;
}

bool fake_store_wait_calls(struct fake_store *store, enum fake_operation operation, unsigned calls)
{
	struct timespec until = soon(30);
	bool enough;

	pthread_mutex_lock(&store->lock);
	while (store->calls[operation] < calls &&
	       pthread_cond_timedwait(&store->changed, &store->lock, &until) == 0)
		;
	enough = store->calls[operation] >= calls;
	pthread_mutex_unlock(&store->lock);
	return enough;
}

size_t fake_store_open_uploads(struct fake_store *store)
{
	size_t open = 0;

	for (size_t i = 0; i < store->n_uploads; i++)
		open += store->uploads[i].over ? 0 : 1;
	return open;
}

struct instance *fake_store_instance(struct fake_store *store)
{
	struct instance *instance = NULL;

	if (instance_create(&fake_storage_plugin, &store->config, "storage", "/", "test", &instance,
	                    NULL) != VM_OK)
		exit(EXIT_FAILURE);
	return instance;
}
