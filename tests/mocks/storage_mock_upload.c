/* storage_mock_upload.c - the uploads of storage-mock. */
#include <string.h>

#include "storage_mock.h"

/* NULL when there is no such upload. */
static json_t *find_upload(const struct state *state, const char *key, const char *upload)
{
	json_t *found = json_object_get(json_object_get(state->root, "uploads"), upload);
	const char *own_key = json_string_value(json_object_get(found, "key"));

	return own_key != NULL && strcmp(own_key, key) == 0 ? found : NULL;
}

static json_t *find_part(json_t *upload, uint32_t number)
{
	char name[16];

	snprintf(name, sizeof name, "%u", number);
	return json_object_get(json_object_get(upload, "parts"), name);
}

static int no_upload(const char *key, struct vm_error *err)
{
	return vm_fail(err, VM_ERR_NOT_FOUND, "upload %s: no such upload", key);
}

static int begin(struct mock_turn *turn, const char *key, char upload[VM_UPLOAD_ID_MAX],
                 struct vm_error *err)
{
	json_t *uploads = state_object(&turn->state, "uploads");
	char name[32];

	snprintf(name, sizeof name, "u%lld", (long long)state_next(&turn->state));
	if (json_object_set_new(uploads, name,
	                        json_pack("{s:s, s:I, s:{}}", "key", key, "begun_ms",
	                                  (json_int_t)state_unix_ms(), "parts")) != 0)
		return vm_fail_memory(err);
	snprintf(upload, VM_UPLOAD_ID_MAX, "%s", name);
	turn->is_changed = true;
	return VM_OK;
}

int mock_upload_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                      const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "upload_begin", put->key, strlen(put->key), call, err);

	if (status == VM_OK)
		status = begin(&turn, put->key, upload, err);
	return mock_end(&turn, status, call, err);
}

static int keep_part(struct mock_turn *turn, json_t *upload, uint32_t number, const void *bytes,
                     size_t length, struct vm_part *out, struct vm_error *err)
{
	json_int_t place = state_next(&turn->state);
	int status = state_write_bytes(&turn->state, place, bytes, length, err);
	json_t *old = find_part(upload, number);
	char name[16];

	if (status != VM_OK)
		return status;
	if (old != NULL)
		mock_discard(turn, json_integer_value(json_object_get(old, "number")));
	snprintf(name, sizeof name, "%u", number);
	if (json_object_set_new(
	        json_object_get(upload, "parts"), name,
	        json_pack("{s:I, s:I}", "number", place, "bytes", (json_int_t)length)) != 0)
		return vm_fail_memory(err);
	*out = (struct vm_part){.number = number, .bytes = length};
	snprintf(out->etag, sizeof out->etag, "e%lld", (long long)place);
	turn->is_changed = true;
	return VM_OK;
}

int mock_upload_part(void *self, const char *key, const char *upload, uint32_t number,
                     const void *bytes, size_t length, struct vm_part *out,
                     const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "upload_part", key, strlen(key), call, err);
	json_t *found = status == VM_OK ? find_upload(&turn.state, key, upload) : NULL;

	if (status == VM_OK && found == NULL)
		status = no_upload(key, err);
	if (status == VM_OK)
		status = keep_part(&turn, found, number, bytes, length, out, err);
	return mock_end(&turn, status, call, err);
}

static void forget_upload(struct mock_turn *turn, const char *upload)
{
	json_t *uploads = json_object_get(turn->state.root, "uploads");
	const char *name;
	json_t *part;

	json_object_foreach(json_object_get(json_object_get(uploads, upload), "parts"), name, part)
	{
		mock_discard(turn, json_integer_value(json_object_get(part, "number")));
	}
	json_object_del(uploads, upload);
	turn->is_changed = true;
}

/* What storage refuses at commit only: a part that is missing, another, or too small. */
static int check_part(const struct mock_turn *turn, json_t *upload, const struct vm_part *part,
                      bool is_last, struct vm_error *err)
{
	const struct storage_mock_config *config = turn->mock->config;
	json_t *found = find_part(upload, part->number);
	char etag[VM_ETAG_MAX];

	snprintf(etag, sizeof etag, "e%lld",
	         (long long)json_integer_value(json_object_get(found, "number")));
	if (found == NULL || strcmp(etag, part->etag) != 0)
		return vm_fail(err, VM_ERR_BUG, "commit: part %u was not sent so", part->number);
	if (!is_last && part->bytes < config->part_min)
		return vm_fail(err, VM_ERR_BUG, "commit: part %u is too small", part->number);
	return VM_OK;
}

static int commit(struct mock_turn *turn, const struct vm_put *put, const char *upload,
                  const struct vm_part *parts, size_t count, struct vm_object *out,
                  struct vm_error *err)
{
	json_t *found = find_upload(&turn->state, put->key, upload);
	json_int_t number = state_next(&turn->state);
	uint64_t bytes = 0;
	int status = found != NULL ? VM_OK : no_upload(put->key, err);

	for (size_t i = 0; status == VM_OK && i < count; i++) {
		json_t *part = find_part(found, parts[i].number);

		status = check_part(turn, found, &parts[i], i + 1 == count, err);
		if (status == VM_OK)
			status = state_append_bytes(&turn->state, number,
			                            json_integer_value(json_object_get(part, "number")), err);
		bytes += parts[i].bytes;
	}
	if (status == VM_OK)
		status = mock_object_set(turn, put, number, bytes, out, err);
	if (status == VM_OK)
		forget_upload(turn, upload);
	return status;
}

int mock_upload_commit(void *self, const struct vm_put *put, const char *upload,
                       const struct vm_part *parts, size_t count, struct vm_object *out,
                       const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "upload_commit", put->key, strlen(put->key), call, err);

	if (status == VM_OK)
		status = commit(&turn, put, upload, parts, count, out, err);
	return mock_end(&turn, status, call, err);
}

int mock_upload_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                      struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "upload_abort", key, strlen(key), call, err);

	if (status == VM_OK && find_upload(&turn.state, key, upload) != NULL)
		forget_upload(&turn, upload);
	return mock_end(&turn, status, call, err);
}

int mock_list_uploads(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                      const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "list_uploads", prefix, strlen(prefix), call, err);
	const char *name;
	json_t *upload;

	state_unlock(&turn.state);
	json_object_foreach(json_object_get(turn.state.root, "uploads"), name, upload)
	{
		const char *key = json_string_value(json_object_get(upload, "key"));

		if (key != NULL && strncmp(key, prefix, strlen(prefix)) == 0 &&
		    emit(ctx, key, name, json_integer_value(json_object_get(upload, "begun_ms"))) ==
		        VM_STOP)
			break;
	}
	return mock_end(&turn, status, call, err);
}
