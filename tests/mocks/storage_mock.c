/* storage_mock.c - objects as files under one lock, and a script of what goes wrong. */
#include "storage_mock.h"

#include <stdlib.h>
#include <string.h>

static const struct vm_option options[] = {
    SCRIPT_OPTION(struct storage_mock_config, script),
    {.name = "part_min",
     VM_SIZE(struct storage_mock_config, part_min),
     .fallback = "1",
     .min = 1,
     .max = 5 << 20,
     .doc = "The smallest part that is not the last one."},
    {.name = "presign",
     VM_STRING(struct storage_mock_config, presign),
     .doc = "What the URLs of presigned requests begin with; without it the host offers its own."},
    {0},
};

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct storage_mock_config *own = config;
	struct mock *mock;
	int status = mock_create(host, config, &own->script, &mock, err);

	if (status == VM_OK)
		*self = mock;
	return status;
}

static void traits(void *self, struct vm_storage_traits *out)
{
	const struct storage_mock_config *config = ((struct mock *)self)->config;

	out->parts_max = 10000;
	out->part_bytes_min = config->part_min;
	out->part_bytes_max = UINT64_C(1) << 30;
	out->object_bytes_max = UINT64_C(1) << 40;
	out->announces = false;
}

json_t *mock_object_find(const struct state *state, const char *key)
{
	return json_object_get(json_object_get(state->root, "objects"), key);
}

static json_int_t number_of(json_t *object)
{
	return json_integer_value(json_object_get(object, "number"));
}

void mock_object_read(json_t *object, struct vm_object *out)
{
	if (out == NULL)
		return;
	*out = (struct vm_object){
	    .bytes = (uint64_t)json_integer_value(json_object_get(object, "bytes")),
	    .modified_ms = json_integer_value(json_object_get(object, "modified_ms")),
	};
	snprintf(out->etag, sizeof out->etag, "e%lld", (long long)number_of(object));
}

int mock_object_set(struct mock_turn *turn, const struct vm_put *put, json_int_t number,
                    uint64_t bytes, struct vm_object *out, struct vm_error *err)
{
	json_t *objects = state_object(&turn->state, "objects");
	json_t *old = mock_object_find(&turn->state, put->key);
	json_t *object;

	if (old != NULL && put->if_absent)
		return vm_fail(err, VM_ERR_CONFLICT, "put %s: it exists already", put->key);
	if (old != NULL)
		mock_discard(turn, number_of(old));
	object = json_pack("{s:I, s:I, s:I}", "number", number, "bytes", (json_int_t)bytes,
	                   "modified_ms", (json_int_t)state_unix_ms());
	if (json_object_set(objects, put->key, object) != 0) {
		json_decref(object);
		return vm_fail_memory(err);
	}
	mock_object_read(object, out);
	json_decref(object);
	turn->is_changed = true;
	return VM_OK;
}

static int stat_object(void *self, const char *key, struct vm_object *out,
                       const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "stat", key, strlen(key), call, err);
	json_t *object = status == VM_OK ? mock_object_find(&turn.state, key) : NULL;

	if (status == VM_OK && object == NULL)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "stat %s: no such object", key);
	if (status == VM_OK)
		mock_object_read(object, out);
	return mock_end(&turn, status, call, err);
}

static int read_bytes(const struct state *state, const char *key, const char *etag, uint64_t offset,
                      void *buffer, size_t length, size_t *got, struct vm_error *err)
{
	json_t *object = mock_object_find(state, key);
	struct vm_object found;

	if (object == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "read %s: no such object", key);
	mock_object_read(object, &found);
	if (etag != NULL && strcmp(etag, found.etag) != 0)
		return vm_fail(err, VM_ERR_CONFLICT, "read %s: it was replaced", key);
	return state_read_bytes(state, number_of(object), offset, buffer, length, got, err);
}

static int read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
                   size_t length, size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "read_at", key, strlen(key), call, err);

	if (status == VM_OK)
		status = read_bytes(&turn.state, key, etag, offset, buffer, length, got, err);
	return mock_end(&turn, status, call, err);
}

static int put_object(void *self, const struct vm_put *put, const void *bytes, size_t length,
                      struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "put", put->key, strlen(put->key), call, err);
	json_int_t number = status == VM_OK ? state_next(&turn.state) : 0;

	if (status == VM_OK)
		status = state_write_bytes(&turn.state, number, bytes, length, err);
	if (status == VM_OK)
		status = mock_object_set(&turn, put, number, length, out, err);
	return mock_end(&turn, status, call, err);
}

static int remove_object(void *self, const char *key, const struct vm_call *call,
                         struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "remove", key, strlen(key), call, err);
	json_t *object = status == VM_OK ? mock_object_find(&turn.state, key) : NULL;

	if (object != NULL) {
		mock_discard(&turn, number_of(object));
		json_object_del(json_object_get(turn.state.root, "objects"), key);
		turn.is_changed = true;
	}
	return mock_end(&turn, status, call, err);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int emit_sorted(json_t *objects, const char *prefix, vm_object_fn *emit, void *ctx,
                       struct vm_error *err)
{
	const char **keys = calloc(json_object_size(objects) + 1, sizeof *keys);
	enum vm_more more = VM_MORE;
	size_t count = 0;
	const char *key;
	json_t *object;

	if (keys == NULL)
		return vm_fail_memory(err);
	json_object_foreach(objects, key, object)
	{
		if (strncmp(key, prefix, strlen(prefix)) == 0)
			keys[count++] = key;
	}
	qsort(keys, count, sizeof *keys, compare_keys);
	for (size_t i = 0; i < count && more == VM_MORE; i++) {
		struct vm_object found;

		mock_object_read(json_object_get(objects, keys[i]), &found);
		more = emit(ctx, keys[i], &found);
	}
	free(keys);
	return VM_OK;
}

static int list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "list", prefix, strlen(prefix), call, err);

	state_unlock(&turn.state);
	if (status == VM_OK)
		status = emit_sorted(json_object_get(turn.state.root, "objects"), prefix, emit, ctx, err);
	return mock_end(&turn, status, call, err);
}

static const struct vm_storage_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .stat = stat_object,
    .read_at = read_at,
    .put = put_object,
    .upload_begin = mock_upload_begin,
    .upload_part = mock_upload_part,
    .upload_commit = mock_upload_commit,
    .upload_abort = mock_upload_abort,
    .remove = remove_object,
    .list = list,
    .list_uploads = mock_list_uploads,
    .presign = mock_presign,
    .decode_event = mock_decode_event,
    .presign_finish = mock_presign_finish,
};

const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_STORAGE),
    .name = "storage-mock",
    .version = "1",
    .summary = "Objects for tests, with a script of what goes wrong.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct storage_mock_config),
    .ops.storage = &ops,
    .create = create,
    .destroy = mock_destroy,
};
