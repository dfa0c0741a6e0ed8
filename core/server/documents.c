/* documents.c - videos in the metadata store. */
#include "server/documents.h"

#include <stdlib.h>
#include <string.h>

#include "support/buffer.h"
#include "support/json.h"
#include "support/log.h"

/* A document is a few kilobytes; more than this was not written by us. */
#define DOCUMENT_BYTES_MAX (1 << 20)

static int parse(const char *text, size_t length, uint64_t version, struct video *out,
                 struct vm_error *err)
{
	json_t *json;
	int status;

	if ((status = json_read_object(text, length, &json, err)) != VM_OK)
		return status;
	status = video_from_json(json, version, out, err);
	json_decref(json);
	return status;
}

int document_read(struct instance *meta, const char *id, struct video *out,
                  const struct vm_call *call, struct vm_error *err)
{
	struct buffer buffer;
	uint64_t version;
	int status;

	buffer_init(&buffer, DOCUMENT_BYTES_MAX);
	status = meta_get(meta, id, &buffer.sink, &version, call, err);
	if (status == VM_OK)
		status = parse(buffer.bytes != NULL ? buffer.bytes : "", buffer.length, version, out, err);
	buffer_finish(&buffer);
	return status;
}

/* After an answer that got lost: is what is stored what we wrote? */
static bool is_stored(struct instance *meta, const struct video *video, const char *text,
                      const struct vm_call *call)
{
	struct buffer buffer;
	uint64_t version = 0;
	bool same;

	buffer_init(&buffer, DOCUMENT_BYTES_MAX);
	same = meta_get(meta, video->id, &buffer.sink, &version, call, NULL) == VM_OK &&
	       version == video->version + 1 && buffer.bytes != NULL && strcmp(buffer.bytes, text) == 0;
	buffer_finish(&buffer);
	return same;
}

int document_store(struct instance *meta, struct video *video, const struct vm_call *call,
                   struct vm_error *err)
{
	json_t *json = video_to_json(video);
	char *text = json != NULL ? json_write(json) : NULL;
	int status;

	json_decref(json);
	if (text == NULL)
		return vm_fail_memory(err);
	status = meta_put(meta, video->id, video->version, text, strlen(text), call, err);
	if ((status == VM_ERR_TIMEOUT || status == VM_ERR_UNAVAILABLE) &&
	    is_stored(meta, video, text, call))
		status = VM_OK;
	if (status == VM_OK)
		video->version++;
	free(text);
	return status;
}

int document_remove(struct instance *meta, const struct video *video, const struct vm_call *call,
                    struct vm_error *err)
{
	return meta_remove(meta, video->id, video->version, call, err);
}

struct finding {
	video_fn *emit;
	void *ctx;
	bool no_memory;
};

static enum vm_more find_document(void *ctx, const struct vm_document *document)
{
	struct finding *finding = ctx;
	struct vm_error err;
	struct video video;
	int status = parse(document->json, document->length, document->version, &video, &err);

	if (status == VM_ERR_NO_MEMORY) {
		finding->no_memory = true;
		return VM_STOP;
	}
	if (status != VM_OK) {
		log_error("document %s cannot be read and is left out: %s", document->id, err.message);
		return VM_MORE;
	}
	return finding->emit(finding->ctx, &video);
}

int documents_find(struct instance *meta, const struct vm_find *find, video_fn *emit, void *ctx,
                   const struct vm_call *call, struct vm_error *err)
{
	struct finding finding = {emit, ctx, false};
	int status = meta_find(meta, find, find_document, &finding, call, err);

	return status == VM_OK && finding.no_memory ? vm_fail_memory(err) : status;
}

struct id_list {
	char (*ids)[VIDEO_ID_MAX];
	size_t count;
	bool no_memory;
};

static enum vm_more add_id(void *ctx, const struct vm_document *document)
{
	struct id_list *list = ctx;
	char(*ids)[VIDEO_ID_MAX] = realloc(list->ids, (list->count + 1) * sizeof *ids);

	if (ids == NULL) {
		list->no_memory = true;
		return VM_STOP;
	}
	list->ids = ids;
	snprintf(ids[list->count++], VIDEO_ID_MAX, "%s", document->id);
	return VM_MORE;
}

int documents_ids(struct instance *meta, const struct vm_find *find, char (**ids)[VIDEO_ID_MAX],
                  size_t *count, const struct vm_call *call, struct vm_error *err)
{
	struct id_list list = {0};
	int status = meta_find(meta, find, add_id, &list, call, err);

	if (status == VM_OK && list.no_memory)
		status = vm_fail_memory(err);
	if (status != VM_OK) {
		free(list.ids);
		return status;
	}
	*ids = list.ids;
	*count = list.count;
	return VM_OK;
}

int documents_in_state(struct instance *meta, enum video_state state, char (**ids)[VIDEO_ID_MAX],
                       size_t *count, const struct vm_call *call, struct vm_error *err)
{
	const struct vm_condition condition = {
	    .field = "state", .match = VM_MATCH_EQUAL, .text = video_state_name(state)};
	const struct vm_find find = {.conditions = &condition, .count = 1};

	return documents_ids(meta, &find, ids, count, call, err);
}
