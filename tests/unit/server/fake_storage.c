/* fake_storage.c - objects and uploads in lists. */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

#include "support/clock.h"

struct object {
	struct object *next;
	char key[VM_KEY_MAX];
	struct vm_object about;
	unsigned char *bytes;
};

struct part {
	struct part *next;
	uint32_t number;
	size_t length;
	unsigned char *bytes;
};

struct upload {
	struct upload *next;
	char key[VM_KEY_MAX];
	char id[32];
	struct part *parts;
};

struct storage {
	pthread_mutex_t lock;
	struct object *objects;
	struct upload *uploads;
	unsigned counter;
};

void *fake_storage_create(void)
{
	struct storage *storage = calloc(1, sizeof *storage);

	pthread_mutex_init(&storage->lock, NULL);
	return storage;
}

static void free_upload(struct upload *upload)
{
	while (upload->parts != NULL) {
		struct part *part = upload->parts;

		upload->parts = part->next;
		free(part->bytes);
		free(part);
	}
	free(upload);
}

void fake_storage_destroy(void *self)
{
	struct storage *storage = self;

	for (struct object *object = storage->objects, *next; object != NULL; object = next) {
		next = object->next;
		free(object->bytes);
		free(object);
	}
	for (struct upload *upload = storage->uploads, *next; upload != NULL; upload = next) {
		next = upload->next;
		free_upload(upload);
	}
	pthread_mutex_destroy(&storage->lock);
	free(storage);
}

size_t fake_storage_objects(void *self)
{
	struct storage *storage = self;
	size_t count = 0;

	pthread_mutex_lock(&storage->lock);
	for (struct object *object = storage->objects; object != NULL; object = object->next)
		count++;
	pthread_mutex_unlock(&storage->lock);
	return count;
}

size_t fake_storage_uploads(void *self)
{
	struct storage *storage = self;
	size_t count = 0;

	pthread_mutex_lock(&storage->lock);
	for (struct upload *upload = storage->uploads; upload != NULL; upload = upload->next)
		count++;
	pthread_mutex_unlock(&storage->lock);
	return count;
}

static struct object **find_object(struct storage *storage, const char *key)
{
	struct object **link = &storage->objects;

	while (*link != NULL && strcmp((*link)->key, key) != 0)
		link = &(*link)->next;
	return link;
}

static struct upload **find_upload(struct storage *storage, const char *id)
{
	struct upload **link = &storage->uploads;

	while (*link != NULL && strcmp((*link)->id, id) != 0)
		link = &(*link)->next;
	return link;
}

static void traits(void *self, struct vm_storage_traits *out)
{
	(void)self;
	*out = (struct vm_storage_traits){.size = sizeof *out,
	                                  .parts_max = 1000,
	                                  .part_bytes_min = 1,
	                                  .part_bytes_max = 1 << 30,
	                                  .object_bytes_max = (uint64_t)1 << 40};
}

static int stat_object(void *self, const char *key, struct vm_object *out,
                       const struct vm_call *call, struct vm_error *err)
{
	struct storage *storage = self;
	struct object *object;
	int status = fake_fails("stat", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&storage->lock);
	object = *find_object(storage, key);
	if (object != NULL)
		*out = object->about;
	else
		status = vm_fail(err, VM_ERR_NOT_FOUND, "stat %s: no such object", key);
	pthread_mutex_unlock(&storage->lock);
	return status;
}

static int read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
                   size_t length, size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct storage *storage = self;
	struct object *object;
	int status = fake_fails("read_at", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&storage->lock);
	object = *find_object(storage, key);
	if (object == NULL) {
		status = vm_fail(err, VM_ERR_NOT_FOUND, "read %s: no such object", key);
	} else if (etag != NULL && strcmp(etag, object->about.etag) != 0) {
		status = vm_fail(err, VM_ERR_CONFLICT, "read %s: changed", key);
	} else {
		uint64_t left = offset < object->about.bytes ? object->about.bytes - offset : 0;

		*got = left < length ? (size_t)left : length;
		memcpy(buffer, object->bytes + offset, *got);
	}
	pthread_mutex_unlock(&storage->lock);
	return status;
}

/* Takes `bytes` over when it succeeds. */
static int add_object(struct storage *storage, const struct vm_put *put, unsigned char *bytes,
                      size_t length, struct vm_object *out, struct vm_error *err)
{
	struct object **link = find_object(storage, put->key);
	struct object *object;

	if (*link != NULL && put->if_absent)
		return vm_fail(err, VM_ERR_CONFLICT, "put %s: it exists", put->key);
	if (*link == NULL)
		*link = calloc(1, sizeof **link);
	object = *link;
	snprintf(object->key, sizeof object->key, "%s", put->key);
	free(object->bytes);
	object->bytes = bytes;
	object->about = (struct vm_object){.bytes = length, .modified_ms = clock_unix_ms()};
	snprintf(object->about.etag, sizeof object->about.etag, "etag-%u", ++storage->counter);
	if (out != NULL)
		*out = object->about;
	return VM_OK;
}

static int put_object(void *self, const struct vm_put *put, const void *bytes, size_t length,
                      struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct storage *storage = self;
	unsigned char *copy;
	int status = fake_fails("put", err);

	(void)call;
	if (status != VM_OK)
		return status;
	copy = malloc(length + 1);
	memcpy(copy, bytes, length);
	pthread_mutex_lock(&storage->lock);
	status = add_object(storage, put, copy, length, out, err);
	pthread_mutex_unlock(&storage->lock);
	if (status != VM_OK)
		free(copy);
	return status == VM_OK ? fake_fails("put unheard", err) : status;
}

static int upload_begin(void *self, const struct vm_put *put, char id[VM_UPLOAD_ID_MAX],
                        const struct vm_call *call, struct vm_error *err)
{
	struct storage *storage = self;
	struct upload *upload;
	int status = fake_fails("upload_begin", err);

	(void)call;
	if (status != VM_OK)
		return status;
	upload = calloc(1, sizeof *upload);
	snprintf(upload->key, sizeof upload->key, "%s", put->key);
	pthread_mutex_lock(&storage->lock);
	snprintf(upload->id, sizeof upload->id, "upload-%u", ++storage->counter);
	snprintf(id, VM_UPLOAD_ID_MAX, "%s", upload->id);
	upload->next = storage->uploads;
	storage->uploads = upload;
	pthread_mutex_unlock(&storage->lock);
	return VM_OK;
}

static int upload_part(void *self, const char *key, const char *id, uint32_t number,
                       const void *bytes, size_t length, struct vm_part *out,
                       const struct vm_call *call, struct vm_error *err)
{
	struct storage *storage = self;
	struct upload *upload;
	struct part *part;
	int status = fake_fails("upload_part", err);

	(void)call;
	if (status != VM_OK)
		return status;
	part = calloc(1, sizeof *part);
	part->number = number;
	part->length = length;
	part->bytes = malloc(length + 1);
	memcpy(part->bytes, bytes, length);
	pthread_mutex_lock(&storage->lock);
	upload = *find_upload(storage, id);
	if (upload == NULL) {
		free(part->bytes);
		free(part);
		status = vm_fail(err, VM_ERR_NOT_FOUND, "part of %s: no such upload", key);
	} else {
		part->next = upload->parts;
		upload->parts = part;
		*out = (struct vm_part){.number = number, .bytes = length};
	}
	pthread_mutex_unlock(&storage->lock);
	return status;
}

static size_t join_parts(const struct upload *upload, const struct vm_part *parts, size_t count,
                         unsigned char **out)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += (size_t)parts[i].bytes;
	*out = malloc(total + 1);
	total = 0;
	for (size_t i = 0; i < count; i++)
		for (const struct part *part = upload->parts; part != NULL; part = part->next)
			if (part->number == parts[i].number) {
				memcpy(*out + total, part->bytes, part->length);
				total += part->length;
			}
	return total;
}

static int upload_commit(void *self, const struct vm_put *put, const char *id,
                         const struct vm_part *parts, size_t count, struct vm_object *out,
                         const struct vm_call *call, struct vm_error *err)
{
	struct storage *storage = self;
	struct upload **link;
	int status = fake_fails("upload_commit", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&storage->lock);
	link = find_upload(storage, id);
	if (*link == NULL) {
		status = vm_fail(err, VM_ERR_NOT_FOUND, "commit %s: no such upload", put->key);
	} else {
		struct upload *upload = *link;
		unsigned char *bytes;
		size_t length = join_parts(upload, parts, count, &bytes);

		status = add_object(storage, put, bytes, length, out, err);
		if (status == VM_OK) {
			*link = upload->next;
			free_upload(upload);
		} else {
			free(bytes);
		}
	}
	pthread_mutex_unlock(&storage->lock);
	return status;
}

static int upload_abort(void *self, const char *key, const char *id, const struct vm_call *call,
                        struct vm_error *err)
{
	struct storage *storage = self;
	struct upload **link;

	(void)key, (void)call, (void)err;
	pthread_mutex_lock(&storage->lock);
	link = find_upload(storage, id);
	if (*link != NULL) {
		struct upload *upload = *link;

		*link = upload->next;
		free_upload(upload);
	}
	pthread_mutex_unlock(&storage->lock);
	return VM_OK;
}

static int remove_object(void *self, const char *key, const struct vm_call *call,
                         struct vm_error *err)
{
	struct storage *storage = self;
	struct object **link;

	(void)call, (void)err;
	pthread_mutex_lock(&storage->lock);
	link = find_object(storage, key);
	if (*link != NULL) {
		struct object *object = *link;

		*link = object->next;
		free(object->bytes);
		free(object);
	}
	pthread_mutex_unlock(&storage->lock);
	return VM_OK;
}

/* The first in order behind `last`. */
static const struct object *find_next(struct storage *storage, const char *prefix, const char *last)
{
	const struct object *next = NULL;

	for (const struct object *at = storage->objects; at != NULL; at = at->next)
		if (strncmp(at->key, prefix, strlen(prefix)) == 0 && strcmp(at->key, last) > 0 &&
		    (next == NULL || strcmp(at->key, next->key) < 0))
			next = at;
	return next;
}

static int list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	struct storage *storage = self;
	const struct object *at;
	const char *last = "";

	(void)call, (void)err;
	while ((at = find_next(storage, prefix, last)) != NULL &&
	       emit(ctx, at->key, &at->about) == VM_MORE)
		last = at->key;
	return VM_OK;
}

static int list_no_uploads(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                           const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)prefix, (void)emit, (void)ctx, (void)call, (void)err;
	return VM_OK;
}

#define STORAGE_OPS                                                                                \
	.size = sizeof(struct vm_storage_ops), .traits = traits, .stat = stat_object,                  \
	.read_at = read_at, .put = put_object, .upload_begin = upload_begin,                           \
	.upload_part = upload_part, .upload_commit = upload_commit, .upload_abort = upload_abort,      \
	.remove = remove_object, .list = list, .list_uploads = list_no_uploads

const struct vm_storage_ops fake_storage_ops = {STORAGE_OPS};
const struct vm_storage_ops fake_presigning_storage_ops = {STORAGE_OPS, .presign = fake_presign};
