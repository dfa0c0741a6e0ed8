/* storage_list.c - the operations of a storage instance that hand over one item after the other. */
#include "plugin/storage.h"

/*
 * What was handed to the caller cannot be taken back, so each function below
 * notes in the turn that something was shown, and the turn has no further try.
 */
struct listing {
	struct turn turn;
	vm_object_fn *object;
	vm_upload_fn *upload;
	vm_request_fn *request;
	void *ctx;
};

static enum vm_more show_object(void *ctx, const char *key, const struct vm_object *object)
{
	struct listing *listing = ctx;

	listing->turn.shown = true;
	return listing->object(listing->ctx, key, object);
}

static enum vm_more show_upload(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	struct listing *listing = ctx;

	listing->turn.shown = true;
	return listing->upload(listing->ctx, key, upload, begun_ms);
}

static enum vm_more show_request(void *ctx, const struct vm_request *request)
{
	struct listing *listing = ctx;

	listing->turn.shown = true;
	return listing->request(listing->ctx, request);
}

int storage_list(struct instance *storage, const char *prefix, vm_object_fn *emit, void *ctx,
                 const struct vm_call *call, struct vm_error *err)
{
	struct listing listing = {.object = emit, .ctx = ctx};
	struct turn *turn = &listing.turn;

	turn_begin(turn, storage, "list", TURN_REPEATABLE, call, err);
	while (turn_next(turn))
		turn->status = storage->plugin->entry.ops.storage->list(storage->self, prefix, show_object,
		                                                        &listing, call, &turn->error);
	return turn->status;
}

int storage_list_uploads(struct instance *storage, const char *prefix, vm_upload_fn *emit,
                         void *ctx, const struct vm_call *call, struct vm_error *err)
{
	struct listing listing = {.upload = emit, .ctx = ctx};
	struct turn *turn = &listing.turn;

	turn_begin(turn, storage, "list_uploads", TURN_REPEATABLE, call, err);
	while (turn_next(turn))
		turn->status = storage->plugin->entry.ops.storage->list_uploads(
		    storage->self, prefix, show_upload, &listing, call, &turn->error);
	return turn->status;
}

int storage_presign(struct instance *storage, const struct vm_presign *presign, vm_request_fn *emit,
                    void *ctx, const struct vm_call *call, struct vm_error *err)
{
	struct listing listing = {.request = emit, .ctx = ctx};
	struct turn *turn = &listing.turn;

	if (!VM_HAS(storage->plugin->entry.ops.storage, presign))
		return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: this storage signs no requests",
		               storage->plugin->entry.name);
	turn_begin(turn, storage, "presign", TURN_REPEATABLE, call, err);
	while (turn_next(turn))
		turn->status = storage->plugin->entry.ops.storage->presign(
		    storage->self, presign, show_request, &listing, call, &turn->error);
	return turn->status;
}
