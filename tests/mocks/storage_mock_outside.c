/* storage_mock_outside.c - requests for clients, and the messages that the store would send. */
#include <string.h>

#include "storage_mock.h"

/* What a client sends lies under the key and this, until it is finished. */
#define PART ".part"

int mock_presign(void *self, const struct vm_presign *presign, vm_request_fn *emit, void *ctx,
                 const struct vm_call *call, struct vm_error *err)
{
	const struct storage_mock_config *config = ((struct mock *)self)->config;
	const char *key = presign->put.key;
	struct vm_request request = {.method = "PUT", .part = 1, .bytes = presign->bytes};
	struct mock_turn turn;
	char url[2 * VM_KEY_MAX];
	int status = mock_begin(&turn, self, "presign", key, strlen(key), call, err);

	if (status == VM_OK && config->presign == NULL)
		status = vm_fail(err, VM_ERR_UNSUPPORTED, "presign %s: no URL is configured", key);
	if (status == VM_OK) {
		snprintf(url, sizeof url, "%.1000s/%s" PART, config->presign, key);
		request.url = url;
		emit(ctx, &request);
	}
	return mock_end(&turn, status, call, err);
}

static int finish(struct mock_turn *turn, const struct vm_presign *presign, struct vm_object *out,
                  struct vm_error *err)
{
	char key[VM_KEY_MAX + sizeof PART];
	struct vm_object part;
	json_t *object;
	json_int_t number;

	snprintf(key, sizeof key, "%s" PART, presign->put.key);
	object = mock_object_find(&turn->state, key);
	mock_object_read(object, &part);
	if (object == NULL || part.bytes != presign->bytes)
		return vm_fail(err, VM_ERR_NOT_FOUND, "finish %s: nothing was sent", presign->put.key);
	number = json_integer_value(json_object_get(object, "number"));
	json_object_del(json_object_get(turn->state.root, "objects"), key);
	return mock_object_set(turn, &presign->put, number, part.bytes, out, err);
}

int mock_presign_finish(void *self, const struct vm_presign *presign, struct vm_object *out,
                        const struct vm_call *call, struct vm_error *err)
{
	const char *key = presign->put.key;
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "presign_finish", key, strlen(key), call, err);

	if (status == VM_OK)
		status = finish(&turn, presign, out, err);
	return mock_end(&turn, status, call, err);
}

static const char *text_of(const json_t *record, const char *name)
{
	return json_string_value(json_object_get(record, name));
}

/* { "storage-mock": [ { "key", "etag", "sequencer", "bytes", "removed" } ] } */
static int decode(const void *message, size_t length, vm_event_fn *emit, void *ctx,
                  struct vm_error *err)
{
	json_t *json = json_loadb(message, length, 0, NULL), *record;
	const json_t *records = json_object_get(json, "storage-mock");
	int status = VM_OK;
	size_t i;

	if (!json_is_array(records))
		status = vm_fail(err, VM_ERR_BAD_DATA, "decode: no message of this store");
	json_array_foreach(records, i, record)
	{
		const struct vm_storage_event event = {
		    .key = text_of(record, "key"),
		    .etag = text_of(record, "etag"),
		    .sequencer = text_of(record, "sequencer"),
		    .bytes = (uint64_t)json_integer_value(json_object_get(record, "bytes")),
		    .removed = json_is_true(json_object_get(record, "removed"))};

		if (emit(ctx, &event) == VM_STOP)
			break;
	}
	json_decref(json);
	return status;
}

int mock_decode_event(void *self, const void *message, size_t length, vm_event_fn *emit, void *ctx,
                      struct vm_error *err)
{
	const struct mock *mock = self;
	const struct script_step *step;
	int status = script_begin(&mock->script, "decode_event", message, length, &step, NULL, err);

	if (status == VM_OK)
		status = decode(message, length, emit, ctx, err);
	return script_end(&mock->script, step, status, NULL, err);
}
