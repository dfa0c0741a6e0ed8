/* fake_storage.c - the storage plugin over a fake store: it counts, fails and waits as told. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "deeds.h"
#include "fake_store.h"

/* Under lock: counts a call, and whether it is one that goes wrong. */
static int enter(struct fake_store *store, enum fake_operation operation, struct vm_error *err)
{
	unsigned call = ++store->calls[operation];

	pthread_cond_broadcast(&store->changed);
	if (store->fail[operation].from == 0 || call < store->fail[operation].from ||
	    store->fail[operation].times == 0)
		return VM_OK;
	store->fail[operation].times--;
	return vm_fail(err, store->fail[operation].status, "told to fail");
}

/* Under lock: waits while it is held, unless cancelled. */
static int wait_while(struct fake_store *store, const bool *held, const struct vm_call *call,
                      struct vm_error *err)
{
	while (*held && !vm_call_cancelled(call)) {
		struct timespec moment;

		clock_gettime(CLOCK_REALTIME, &moment);
		moment.tv_nsec += 20000000;
		if (moment.tv_nsec >= 1000000000) {
			moment.tv_nsec -= 1000000000;
			moment.tv_sec++;
		}
		pthread_cond_timedwait(&store->changed, &store->lock, &moment);
	}
	return vm_call_check(call, "held", err);
}

static void store_traits(void *self, struct vm_storage_traits *out)
{
	*out = ((struct fake_store *)self)->traits;
}

static int store_stat(void *self, const char *key, struct vm_object *out,
                      const struct vm_call *call, struct vm_error *err)
{
	struct fake_store *store = self;
	const struct fake_object *object;
	int status;

	(void)call;
	pthread_mutex_lock(&store->lock);
	status = enter(store, FAKE_STAT, err);
	object = fake_object_find(store, key);
	if (status == VM_OK && object == NULL)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "stat %s: no such object", key);
	if (status == VM_OK)
		*out = object->about;
	pthread_mutex_unlock(&store->lock);
	return status;
}

static int read_object(struct fake_store *store, const char *key, const char *etag, uint64_t offset,
                       void *buffer, size_t length, size_t *got, struct vm_error *err)
{
	const struct fake_object *object = fake_object_find(store, key);

	if (object == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "read %s: no such object", key);
	if (etag != NULL && strcmp(etag, object->about.etag) != 0)
		return vm_fail(err, VM_ERR_CONFLICT, "read %s: it has another etag", key);
	*got = offset >= object->about.bytes           ? 0
	       : length < object->about.bytes - offset ? length
	                                               : (size_t)(object->about.bytes - offset);
	if (store->cut_reads)
		*got /= 2;
	memcpy(buffer, object->bytes + offset, *got);
	store->bytes_read += *got;
	return VM_OK;
}

static int store_read_at(void *self, const char *key, const char *etag, uint64_t offset,
                         void *buffer, size_t length, size_t *got, const struct vm_call *call,
                         struct vm_error *err)
{
	struct fake_store *store = self;
	size_t told = store->told < length ? store->told : length;
	int status = VM_OK;

	if (told > 0) {
		pthread_mutex_lock(&store->lock);
		status = read_object(store, key, etag, offset, buffer, told, got, err);
		pthread_mutex_unlock(&store->lock);
		if (status != VM_OK)
			return status;
		vm_call_progress(call, told, length);
	}
	pthread_mutex_lock(&store->lock);
	status = enter(store, FAKE_READ, err);
	if (status == VM_OK)
		status = wait_while(store, &store->hold_reads, call, err);
	if (status == VM_OK)
		status = read_object(store, key, etag, offset, buffer, length, got, err);
	pthread_mutex_unlock(&store->lock);
	return status;
}

static unsigned char *copy(const void *bytes, size_t length)
{
	unsigned char *copied = malloc(length + 1);

	memcpy(copied, bytes, length);
	return copied;
}

static void note_written(const struct vm_put *put)
{
	bool is_manifest = strstr(put->key, "/manifest.json") != NULL;

	deeds_add(!is_manifest ? "outputs" : put->if_absent ? "manifest" : "manifest over another");
}

static int store_put(void *self, const struct vm_put *put, const void *bytes, size_t length,
                     struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct fake_store *store = self;
	struct fake_object *object;
	int status;

	(void)call;
	pthread_mutex_lock(&store->lock);
	status = enter(store, FAKE_PUT, err);
	if (status == VM_OK && put->if_absent && fake_object_find(store, put->key) != NULL)
		status = vm_fail(err, VM_ERR_CONFLICT, "put %s: it exists", put->key);
	if (status == VM_OK || store->fail[FAKE_PUT].after) {
		note_written(put);
		object = fake_object_add(store, put->key, put->content_type, copy(bytes, length), length);
		if (out != NULL)
			*out = object->about;
		store->fail[FAKE_PUT].after = false;
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static int store_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                       const struct vm_call *call, struct vm_error *err)
{
	struct fake_store *store = self;
	struct fake_upload *begun;
	int status;

	(void)call;
	pthread_mutex_lock(&store->lock);
	status = enter(store, FAKE_BEGIN, err);
	if (status == VM_OK) {
		begun = &store->uploads[store->n_uploads++];
		snprintf(begun->key, sizeof begun->key, "%s", put->key);
		snprintf(begun->id, sizeof begun->id, "upload-%zu", store->n_uploads);
		snprintf(upload, VM_UPLOAD_ID_MAX, "%s", begun->id);
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static struct fake_upload *find_upload(struct fake_store *store, const char *id)
{
	for (size_t i = 0; i < store->n_uploads; i++)
		if (strcmp(store->uploads[i].id, id) == 0 && !store->uploads[i].over)
			return &store->uploads[i];
	return NULL;
}

static int store_part(void *self, const char *key, const char *upload, uint32_t number,
                      const void *bytes, size_t length, struct vm_part *out,
                      const struct vm_call *call, struct vm_error *err)
{
	struct fake_store *store = self;
	struct fake_upload *to;
	int status;

	pthread_mutex_lock(&store->lock);
	store->part_order[store->n_part_order++] = number;
	if (++store->parts_now > store->parts_most)
		store->parts_most = store->parts_now;
	status = enter(store, FAKE_PART, err);
	if (status == VM_OK)
		status = wait_while(store, &store->hold_parts, call, err);
	to = find_upload(store, upload);
	if (status == VM_OK && to == NULL)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "part of %s: no such upload", key);
	if (status == VM_OK) {
		free(to->parts[number].bytes);
		to->parts[number].bytes = copy(bytes, length);
		to->parts[number].length = length;
		*out = (struct vm_part){.number = number, .bytes = length};
		snprintf(out->etag, sizeof out->etag, "part-%u", number);
	}
	store->parts_now--;
	pthread_mutex_unlock(&store->lock);
	return status;
}

static int commit(struct fake_store *store, const struct vm_put *put, struct fake_upload *upload,
                  const struct vm_part *parts, size_t count, struct vm_object *out,
                  struct vm_error *err)
{
	unsigned char *bytes;
	size_t length = 0, at = 0;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].number != i + 1 || upload->parts[i + 1].bytes == NULL ||
		    (i + 1 < count && parts[i].bytes < store->traits.part_bytes_min))
			return vm_fail(err, VM_ERR_BUG, "commit of a wrong list of parts");
		length += upload->parts[i + 1].length;
	}
	if (put->if_absent && fake_object_find(store, put->key) != NULL)
		return vm_fail(err, VM_ERR_CONFLICT, "commit %s: it exists", put->key);
	bytes = malloc(length + 1);
	for (size_t i = 1; i <= count; i++) {
		memcpy(bytes + at, upload->parts[i].bytes, upload->parts[i].length);
		at += upload->parts[i].length;
	}
	upload->over = true;
	*out = fake_object_add(store, put->key, put->content_type, bytes, length)->about;
	return VM_OK;
}

static int store_commit(void *self, const struct vm_put *put, const char *upload,
                        const struct vm_part *parts, size_t count, struct vm_object *out,
                        const struct vm_call *call, struct vm_error *err)
{
	struct fake_store *store = self;
	struct fake_upload *of;
	int status;

	(void)call;
	pthread_mutex_lock(&store->lock);
	status = enter(store, FAKE_COMMIT, err);
	of = find_upload(store, upload);
	if (status == VM_OK && of == NULL)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "commit %s: no such upload", put->key);
	if (of != NULL && (status == VM_OK || store->fail[FAKE_COMMIT].after)) {
		int done = commit(store, put, of, parts, count, out, err);

		if (done == VM_OK)
			note_written(put);
		status = status == VM_OK ? done : status;
		store->fail[FAKE_COMMIT].after = false;
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static int store_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                       struct vm_error *err)
{
	struct fake_store *store = self;
	struct fake_upload *of;
	int status;

	(void)key;
	(void)call;
	pthread_mutex_lock(&store->lock);
	status = enter(store, FAKE_ABORT, err);
	of = find_upload(store, upload);
	if (status == VM_OK && of != NULL)
		of->over = true;
	pthread_mutex_unlock(&store->lock);
	return status;
}

static int store_create(const struct vm_host *host, const void *config, void **self,
                        struct vm_error *err)
{
	(void)host;
	(void)err;
	*self = ((const struct fake_store_config *)config)->store;
	return VM_OK;
}

static void store_destroy(void *self)
{
	(void)self;
}

static struct plugin_life life;

const struct plugin fake_storage_plugin = {
    .entry = {VM_PLUGIN(VM_KIND_STORAGE), .name = "storage-fake", .version = "1",
              .summary = "Objects in memory.", .threads = VM_THREADS_PARALLEL,
              .config_size = sizeof(struct fake_store_config),
              .ops.storage = &fake_storage_plugin.ops.storage, .create = store_create,
              .destroy = store_destroy},
    .ops.storage = {.size = sizeof(struct vm_storage_ops),
                    .traits = store_traits,
                    .stat = store_stat,
                    .read_at = store_read_at,
                    .put = store_put,
                    .upload_begin = store_begin,
                    .upload_part = store_part,
                    .upload_commit = store_commit,
                    .upload_abort = store_abort},
    .life = &life,
};
