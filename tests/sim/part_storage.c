/* part_storage.c - one bucket for all; it may tell the queue of arrivals, twice, late or never. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts.h"
#include "sim.h"
#include "support/json.h"
#include "video/keys.h"
#include "world.h"

struct object *objects;
static uint64_t next_etag = 1;

const struct object *object_find(const char *key)
{
	const struct object *object = objects;

	while (object != NULL && strcmp(object->key, key) != 0)
		object = object->next;
	return object;
}

void object_etag(const struct object *object, char etag[VM_ETAG_MAX])
{
	snprintf(etag, VM_ETAG_MAX, "%" PRIu64, object->etag);
}

static void announce(const struct object *object)
{
	char text[512], id[VIDEO_ID_MAX];

	if (!sim.store_announces || !key_read_source(object->key, id) || chance_of(100))
		return; /* never */
	snprintf(text, sizeof text, "{\"store\":\"put\",\"key\":\"%s\",\"sequencer\":\"%" PRIu64 "\"}",
	         object->key, object->etag);
	(void)queue_send_text(&sim_queue_unprocessed, text, NULL);
}

int object_put(const char *key, const void *bytes, size_t length, bool if_absent,
               struct vm_error *err)
{
	struct object *object;
	int status = part_begin("storage.put", err);

	if (status != VM_OK)
		return status;
	object = objects;
	while (object != NULL && strcmp(object->key, key) != 0)
		object = object->next;
	if (object != NULL && if_absent)
		return vm_fail(err, VM_ERR_CONFLICT, "put %s: it is there", key);
	if (object == NULL) {
		object = calloc(1, sizeof *object);
		if (object == NULL)
			abort();
		snprintf(object->key, sizeof object->key, "%s", key);
		object->next = objects;
		objects = object;
	}
	free(object->bytes);
	object->bytes = malloc(length + 1);
	if (object->bytes == NULL)
		abort();
	memcpy(object->bytes, bytes, length);
	object->bytes[length] = '\0';
	object->length = length;
	object->etag = next_etag++;
	announce(object);
	return part_end("storage.put", err);
}

static void do_traits(void *self, struct vm_storage_traits *out)
{
	(void)self;
	out->parts_max = 10000;
	out->part_bytes_min = 1;
	out->part_bytes_max = 1 << 30;
	out->object_bytes_max = 1 << 30;
	out->announces = sim.store_announces;
}

static void describe(const struct object *object, struct vm_object *out)
{
	*out = (struct vm_object){.bytes = object->length};
	object_etag(object, out->etag);
}

static int do_stat(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
                   struct vm_error *err)
{
	const struct object *object;
	int status = part_begin("storage.stat", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	object = object_find(key);
	if (object == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "stat %s: no such object", key);
	describe(object, out);
	return VM_OK;
}

static int do_read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
                      size_t length, size_t *got, const struct vm_call *call, struct vm_error *err)
{
	const struct object *object;
	struct vm_object found;
	int status = part_begin("storage.read_at", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	object = object_find(key);
	if (object == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "read %s: no such object", key);
	describe(object, &found);
	if (etag != NULL && strcmp(etag, found.etag) != 0)
		return vm_fail(err, VM_ERR_CONFLICT, "read %s: another etag", key);
	*got = offset >= object->length ? 0 : object->length - (size_t)offset;
	if (*got > length)
		*got = length;
	memcpy(buffer, object->bytes + offset, *got);
	return VM_OK;
}

static int do_put(void *self, const struct vm_put *put, const void *bytes, size_t length,
                  struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	int status = object_put(put->key, bytes, length, put->if_absent, err);

	(void)self;
	(void)call;
	if (status == VM_OK && out != NULL)
		describe(object_find(put->key), out);
	return status;
}

static int do_remove(void *self, const char *key, const struct vm_call *call, struct vm_error *err)
{
	struct object **link = &objects, *object;
	int status = part_begin("storage.remove", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	while (*link != NULL && strcmp((*link)->key, key) != 0)
		link = &(*link)->next;
	object = *link;
	if (object != NULL) {
		check_object_removal(key);
		*link = object->next;
		free(object->bytes);
		free(object);
	}
	return part_end("storage.remove", err);
}

static int do_list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
                   const struct vm_call *call, struct vm_error *err)
{
	int status = part_begin("storage.list", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	for (const struct object *object = objects; object != NULL; object = object->next) {
		struct vm_object found;

		describe(object, &found);
		if (strncmp(object->key, prefix, strlen(prefix)) == 0 &&
		    emit(ctx, object->key, &found) == VM_STOP)
			break;
	}
	return VM_OK;
}

static int do_list_uploads(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                           const struct vm_call *call, struct vm_error *err)
{
	(void)self;
	(void)prefix;
	(void)emit;
	(void)ctx;
	(void)call;
	return part_begin("storage.list_uploads", err);
}

static int do_decode_event(void *self, const void *message, size_t length, vm_event_fn *emit,
                           void *ctx, struct vm_error *err)
{
	char key[VM_KEY_MAX], sequencer[65], kind[8] = "";
	json_t *json;

	(void)self;
	if (json_read_object(message, length, &json, err) != VM_OK)
		return VM_ERR_BAD_DATA;
	(void)json_get_text(json, "store", kind, sizeof kind, NULL);
	if (strcmp(kind, "put") == 0 && json_get_text(json, "key", key, sizeof key, NULL) == VM_OK &&
	    json_get_text(json, "sequencer", sequencer, sizeof sequencer, NULL) == VM_OK)
		emit(ctx, &(struct vm_storage_event){.key = key, .sequencer = sequencer});
	json_decref(json);
	return kind[0] != '\0' ? VM_OK : vm_fail(err, VM_ERR_BAD_DATA, "no message of this store");
}

static const struct vm_storage_ops ops = {.size = sizeof ops,
                                          .traits = do_traits,
                                          .stat = do_stat,
                                          .read_at = do_read_at,
                                          .put = do_put,
                                          .remove = do_remove,
                                          .list = do_list,
                                          .list_uploads = do_list_uploads,
                                          .decode_event = do_decode_event};

static struct plugin_life life = {.loaded = true};
struct plugin sim_storage = {.entry = {VM_PLUGIN(VM_KIND_STORAGE), .name = "sim-storage",
                                       .threads = VM_THREADS_PARALLEL, .ops.storage = &ops,
                                       .create = part_create, .destroy = part_destroy},
                             .life = &life};
