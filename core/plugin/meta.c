/* meta.c - the operations of a metadata instance, each in its turn. */
#include "plugin/meta.h"

static const struct vm_meta_ops *ops_of(const struct instance *meta)
{
	return meta->plugin->entry.ops.meta;
}

int meta_index(struct instance *meta, const struct vm_field *fields, size_t count,
               const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, meta, "index", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(meta)->index(meta->self, fields, count, call, &turn.error);
	return turn.status;
}

/* What was handed to the caller cannot be taken back: then the turn has no further try. */
struct reading {
	struct vm_sink sink; /* first: the ABI hands back a pointer to it */
	struct turn turn;
	struct vm_sink *json;
	vm_document_fn *emit;
	void *ctx;
};

static int show_bytes(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct reading *reading = (struct reading *)sink;

	reading->turn.shown = true;
	return reading->json->write(reading->json, bytes, length, err);
}

static enum vm_more show_document(void *ctx, const struct vm_document *document)
{
	struct reading *reading = ctx;

	reading->turn.shown = true;
	return reading->emit(reading->ctx, document);
}

int meta_get(struct instance *meta, const char *id, struct vm_sink *json, uint64_t *version,
             const struct vm_call *call, struct vm_error *err)
{
	struct reading reading = {.sink.write = show_bytes, .json = json};
	struct turn *turn = &reading.turn;

	turn_begin(turn, meta, "get", TURN_REPEATABLE, call, err);
	while (turn_next(turn))
		turn->status = ops_of(meta)->get(meta->self, id, &reading.sink, version, call,
		                                 &turn->error);
	return turn->status;
}

int meta_put(struct instance *meta, const char *id, uint64_t version, const char *json,
             size_t length, const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, meta, "put", TURN_CONDITIONAL, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(meta)->put(meta->self, id, version, json, length, call, &turn.error);
	return turn.status;
}

int meta_find(struct instance *meta, const struct vm_find *find, vm_document_fn *emit, void *ctx,
              const struct vm_call *call, struct vm_error *err)
{
	struct reading reading = {.emit = emit, .ctx = ctx};
	struct turn *turn = &reading.turn;

	turn_begin(turn, meta, "find", TURN_REPEATABLE, call, err);
	while (turn_next(turn))
		turn->status = ops_of(meta)->find(meta->self, find, show_document, &reading, call,
		                                  &turn->error);
	return turn->status;
}

int meta_count(struct instance *meta, const struct vm_find *find, uint64_t *count,
               const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, meta, "count", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(meta)->count(meta->self, find, count, call, &turn.error);
	return turn.status;
}

int meta_remove(struct instance *meta, const char *id, uint64_t version, const struct vm_call *call,
                struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, meta, "remove", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(meta)->remove(meta->self, id, version, call, &turn.error);
	return turn.status;
}
