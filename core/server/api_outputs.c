/* api_outputs.c - /v1/videos/ID/outputs: the list of the manifest, and each of its objects. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/api.h"
#include "server/http_range.h"
#include "server/shelf.h"
#include "support/log.h"

enum { BLOCK_BYTES = 256 << 10, READ_MS = 20000 };

/* The newest result and what it lists, to be given back to the shelf; 409 while there is none. */
static int read_result(struct exchange *exchange, struct video *video,
                       const struct manifest **manifest)
{
	const struct vm_call *call = &exchange->call.vm;
	struct vm_error err;

	if (videos_get(exchange->server, exchange->match.value, exchange->owner, video, call, &err) !=
	    VM_OK)
		return reply_error(exchange, &err);
	if (video->result.manifest_key[0] == '\0')
		return reply_problem(exchange, 409, "video %s has no outputs yet: it is %s", video->id,
		                     video_state_name(video->state));
	if (shelf_take(exchange->http->shelf, exchange->server->places.storage_processed,
	               &video->result, manifest, call, &err) != VM_OK)
		return reply_error(exchange, &err);
	return 0;
}

static json_t *output_to_json(const struct exchange *exchange, const struct video *video,
                              const struct manifest_output *output)
{
	char url[ANSWER_VALUE_MAX];

	snprintf(url, sizeof url, "%s/v1/videos/%s/outputs/%s", exchange->http->url, video->id,
	         output->name);
	return json_pack("{ss ss sI ss ss}", "name", output->name, "content_type", output->content_type,
	                 "bytes", (json_int_t)output->bytes, "sha256", output->sha256, "url", url);
}

static json_t *outputs_to_json(const struct exchange *exchange, const struct video *video,
                               const struct manifest *manifest)
{
	json_t *list = json_array();

	for (size_t i = 0; i < manifest->n_outputs; i++)
		if (json_array_append_new(list, output_to_json(exchange, video, &manifest->outputs[i])) !=
		    0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

int api_list_outputs(struct exchange *exchange)
{
	const struct manifest *manifest = NULL;
	struct video video;
	int status = read_result(exchange, &video, &manifest);

	if (status == 0)
		status = reply_json(exchange, 200,
		                    json_pack("{ss sI so}", "video", video.id, "generation",
		                              (json_int_t)manifest->generation, "outputs",
		                              outputs_to_json(exchange, &video, manifest)));
	shelf_give(exchange->http->shelf, manifest);
	return status;
}

/* One output on its way to a client; read block by block, the first one before the answer. */
struct sending {
	struct instance *storage;
	const struct cancel *cancel;
	char key[VM_KEY_MAX];
	uint64_t first, count; /* of the object's bytes */
	size_t filled;
	char block[]; /* the first bytes of the range */
};

static int read_block(struct sending *sending, uint64_t at, char *block, size_t length,
                      struct vm_error *err)
{
	struct call call;
	size_t got;
	int status;

	call_init(&call, sending->cancel, READ_MS);
	status = storage_read_at(sending->storage, sending->key, NULL, sending->first + at, block,
	                         length, &got, &call.vm, err);
	if (status == VM_OK && got < length)
		status = vm_fail(err, VM_ERR_BAD_DATA, "%s: shorter than its manifest says", sending->key);
	return status;
}

static ssize_t send_block(void *cls, uint64_t at, char *block, size_t most)
{
	struct sending *sending = cls;
	uint64_t left = sending->count - at;
	size_t length = left < most ? (size_t)left : most;
	struct vm_error err;

	if (at < sending->filled) {
		if (length > sending->filled - at)
			length = (size_t)(sending->filled - at);
		memcpy(block, sending->block + at, length);
		return (ssize_t)length;
	}
	if (length == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (read_block(sending, at, block, length, &err) != VM_OK) {
		log_warning("an output breaks off: %s", err.message);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	return (ssize_t)length;
}

/* Outputs lie beside their manifest. */
static bool write_key(const struct video *video, const char *name, char *key)
{
	const char *manifest = video->result.manifest_key;
	const char *slash = strrchr(manifest, '/');
	int folder = slash != NULL ? (int)(slash - manifest) : 0;

	return slash != NULL &&
	       snprintf(key, VM_KEY_MAX, "%.*s/%s", folder, manifest, name) < VM_KEY_MAX;
}

/*
 * The first block is read before anything is said, so that an object which
 * cannot be had is a clear error and not an answer that breaks off. The objects
 * of an attempt are written once: no etag is needed to read them as one.
 */
static int send_range(struct exchange *exchange, int status, const struct video *video,
                      const struct manifest_output *output, uint64_t first, uint64_t count)
{
	size_t filled = count < BLOCK_BYTES ? (size_t)count : BLOCK_BYTES;
	struct sending *sending = calloc(1, sizeof *sending + filled);
	struct vm_error err;

	if (sending == NULL)
		return reply_problem(exchange, 503, "out of memory: try again");
	*sending = (struct sending){.storage = exchange->server->places.storage_processed,
	                            .cancel = exchange->http->cancel,
	                            .first = first,
	                            .count = count,
	                            .filled = filled};
	if (!write_key(video, output->name, sending->key))
		vm_fail(&err, VM_ERR_BUG, "the manifest of video %s has no place", video->id);
	else if (filled == 0 || read_block(sending, 0, sending->block, filled, &err) == VM_OK)
		return reply_stream(exchange, status, output->content_type,
		                    &(struct stream){count, BLOCK_BYTES, send_block, sending, free});
	free(sending);
	return reply_error(exchange, &err);
}

static bool is_known_to_client(struct exchange *exchange, const char *etag)
{
	const char *known = exchange_header(exchange, "If-None-Match");

	return known != NULL && (strcmp(known, "*") == 0 || strstr(known, etag) != NULL);
}

static int send_output(struct exchange *exchange, const struct video *video,
                       const struct manifest_output *output)
{
	const char *range = exchange_header(exchange, "Range");
	const char *if_range = exchange_header(exchange, "If-Range");
	uint64_t first = 0;
	uint64_t count = output->bytes;
	char etag[HASH_TEXT_MAX + 2];
	enum range_kind kind;

	snprintf(etag, sizeof etag, "\"%s\"", output->sha256);
	reply_header(exchange, "ETag", "%s", etag);
	reply_header(exchange, "Accept-Ranges", "bytes");
	/* A new generation may put other bytes under the same name: ask each time, by the etag. */
	reply_header(exchange, "Cache-Control", "private, no-cache");
	if (is_known_to_client(exchange, etag))
		return reply_empty(exchange, 304);
	if (if_range != NULL && strcmp(if_range, etag) != 0)
		range = NULL;
	kind = range_read(range, output->bytes, &first, &count);
	if (kind == RANGE_UNSATISFIABLE) {
		reply_header(exchange, "Content-Range", "bytes */%" PRIu64, output->bytes);
		return reply_problem(exchange, 416, "the output has %" PRIu64 " bytes", output->bytes);
	}
	if (kind == RANGE_PART)
		reply_header(exchange, "Content-Range", "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first,
		             first + count - 1, output->bytes);
	return send_range(exchange, kind == RANGE_PART ? 206 : 200, video, output, first, count);
}

int api_send_output(struct exchange *exchange)
{
	const struct manifest_output *output;
	const struct manifest *manifest = NULL;
	struct video video;
	int status = read_result(exchange, &video, &manifest);

	if (status == 0) {
		output = manifest_find(manifest, exchange->match.name);
		status = output != NULL ? send_output(exchange, &video, output)
		                        : reply_problem(exchange, 404, "video %s has no output %s",
		                                        video.id, exchange->match.name);
	}
	shelf_give(exchange->http->shelf, manifest);
	return status;
}
