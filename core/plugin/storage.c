/* storage.c - the operations of a storage instance, each in its turn. */
#include "plugin/storage.h"

static const struct vm_storage_ops *ops_of(const struct instance *storage)
{
	return storage->plugin->entry.ops.storage;
}

void storage_traits(struct instance *storage, struct vm_storage_traits *out)
{
	*out = storage->traits.storage;
}

int storage_stat(struct instance *storage, const char *key, struct vm_object *out,
                 const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, storage, "stat", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->stat(storage->self, key, out, call, &turn.error);
	return turn.status;
}

int storage_read_at(struct instance *storage, const char *key, const char *etag, uint64_t offset,
                    void *buffer, size_t length, size_t *got, const struct vm_call *call,
                    struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, storage, "read_at", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->read_at(storage->self, key, etag, offset, buffer, length,
		                                       got, call, &turn.error);
	return turn.status;
}

int storage_put(struct instance *storage, const struct vm_put *put, const void *bytes,
                size_t length, struct vm_object *out, const struct vm_call *call,
                struct vm_error *err)
{
	enum turn_kind kind = put->if_absent ? TURN_CONDITIONAL : TURN_REPEATABLE;
	struct turn turn;

	turn_begin(&turn, storage, "put", kind, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->put(storage->self, put, bytes, length, out, call,
		                                   &turn.error);
	return turn.status;
}

/* An upload that was begun and not heard of is one that the sweeper finds and aborts. */
int storage_upload_begin(struct instance *storage, const struct vm_put *put,
                         char upload[VM_UPLOAD_ID_MAX], const struct vm_call *call,
                         struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, storage, "upload_begin", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->upload_begin(storage->self, put, upload, call, &turn.error);
	return turn.status;
}

int storage_upload_part(struct instance *storage, const char *key, const char *upload,
                        uint32_t number, const void *bytes, size_t length, struct vm_part *out,
                        const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, storage, "upload_part", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->upload_part(storage->self, key, upload, number, bytes,
		                                           length, out, call, &turn.error);
	return turn.status;
}

int storage_upload_commit(struct instance *storage, const struct vm_put *put, const char *upload,
                          const struct vm_part *parts, size_t count, struct vm_object *out,
                          const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, storage, "upload_commit", TURN_CONDITIONAL, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->upload_commit(storage->self, put, upload, parts, count, out,
		                                             call, &turn.error);
	return turn.status;
}

int storage_presign_finish(struct instance *storage, const struct vm_presign *presign,
                           struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	if (!VM_HAS(ops_of(storage), presign_finish))
		return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: this storage signs no parts",
		               storage->plugin->entry.name);
	turn_begin(&turn, storage, "presign_finish", TURN_CONDITIONAL, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->presign_finish(storage->self, presign, out, call,
		                                              &turn.error);
	return turn.status;
}

int storage_upload_abort(struct instance *storage, const char *key, const char *upload,
                         const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, storage, "upload_abort", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->upload_abort(storage->self, key, upload, call, &turn.error);
	return turn.status;
}

int storage_remove(struct instance *storage, const char *key, const struct vm_call *call,
                   struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, storage, "remove", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->remove(storage->self, key, call, &turn.error);
	return turn.status;
}

int storage_decode_event(struct instance *storage, const void *message, size_t length,
                         vm_event_fn *emit, void *ctx, struct vm_error *err)
{
	struct turn turn;

	if (!VM_HAS(ops_of(storage), decode_event))
		return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: this storage sends no events",
		               storage->plugin->entry.name);
	/* No I/O, so nothing here is worth a second try: what fails is told at once. */
	turn_begin(&turn, storage, "decode_event", TURN_ONCE, NULL, err);
	while (turn_next(&turn))
		turn.status = ops_of(storage)->decode_event(storage->self, message, length, emit, ctx,
		                                            &turn.error);
	return turn.status;
}
