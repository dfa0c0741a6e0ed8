/* part_meta.c - a metadata store with compare-and-set; every write passes the checker. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts.h"
#include "support/json.h"
#include "world.h"

struct document {
	char id[VIDEO_ID_MAX];
	uint64_t version;
	char *json;
	size_t length;
	struct video video; /* what the text says */
	struct document *next;
};

static struct document *documents;

static struct document *find(const char *id)
{
	struct document *document = documents;

	while (document != NULL && strcmp(document->id, id) != 0)
		document = document->next;
	return document;
}

static void parse(struct document *document)
{
	json_t *json = NULL;
	struct vm_error err;

	if (json_read_object(document->json, document->length, &json, &err) != VM_OK ||
	    video_from_json(json, document->version, &document->video, &err) != VM_OK)
		broken(SIMULATES, "%s", err.message);
	json_decref(json);
}

void documents_each(document_fn *visit)
{
	for (struct document *document = documents; document != NULL; document = document->next)
		visit(&document->video);
}

bool document_find(const char *id, struct video *out)
{
	struct document *document = find(id);

	if (document != NULL)
		*out = document->video;
	return document != NULL;
}

static int meta_index(void *self, const struct vm_field *fields, size_t count,
                      const struct vm_call *call, struct vm_error *err)
{
	(void)self;
	(void)fields;
	(void)count;
	(void)call;
	(void)err;
	return VM_OK;
}

static int meta_get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
                    const struct vm_call *call, struct vm_error *err)
{
	const struct document *document;
	int status = part_begin("meta.get", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	document = find(id);
	if (document == NULL)
		return vm_fail(err, VM_ERR_NOT_FOUND, "get %s: no such document", id);
	*version = document->version;
	return json->write(json, document->json, document->length, err);
}

static long long left_ms(int64_t end_ms)
{
	return end_ms != 0 ? (long long)(end_ms - world_clock_ms()) : 0;
}

static void replace(const char *id, struct document *document, const char *json, size_t length)
{
	struct video before;
	bool is_new = document == NULL;

	if (is_new) {
		document = calloc(1, sizeof *document);
		if (document == NULL)
			abort();
		snprintf(document->id, sizeof document->id, "%s", id);
		document->next = documents;
		documents = document;
	} else {
		before = document->video;
		free(document->json);
	}
	document->json = malloc(length + 1);
	if (document->json == NULL)
		abort();
	memcpy(document->json, json, length);
	document->json[length] = '\0';
	document->length = length;
	document->version++;
	parse(document);
	world_say("document %.4s: %s, epoch %llu, lease for %lld ms, grace for %lld ms", id,
	          video_state_name(document->video.state), (unsigned long long)document->video.epoch,
	          left_ms(document->video.attempt.until_ms), left_ms(document->video.attempt.grace_ms));
	check_write(is_new ? NULL : &before, &document->video);
}

static int meta_put(void *self, const char *id, uint64_t version, const char *json, size_t length,
                    const struct vm_call *call, struct vm_error *err)
{
	struct document *document;
	int status = part_begin("meta.put", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	document = find(id);
	if ((document == NULL ? 0 : document->version) != version)
		return vm_fail(err, VM_ERR_CONFLICT, "put %s: another version", id);
	replace(id, document, json, length);
	return part_end("meta.put", err);
}

static bool matches(const struct video *video, const struct vm_condition *condition)
{
	int64_t number = strcmp(condition->field, "wake_ms") == 0 ? video->wake_ms : video->created_ms;

	if (strcmp(condition->field, "state") == 0)
		return strcmp(video_state_name(video->state), condition->text) == 0;
	if (strcmp(condition->field, "owner") == 0)
		return strcmp(video->owner, condition->text) == 0;
	if (number == 0) /* left out of the document, so it matches nothing */
		return false;
	if (condition->match == VM_MATCH_EQUAL)
		return number == condition->number;
	return condition->match == VM_MATCH_BELOW_OR_EQUAL ? number <= condition->number
	                                                   : number >= condition->number;
}

static int meta_find(void *self, const struct vm_find *find_what, vm_document_fn *emit, void *ctx,
                     const struct vm_call *call, struct vm_error *err)
{
	uint32_t left = find_what->limit != 0 ? find_what->limit : UINT32_MAX;
	int status = part_begin("meta.find", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	for (struct document *document = documents; document != NULL && left > 0;
	     document = document->next) {
		struct vm_document found = {document->id, document->version, document->json,
		                            document->length};
		bool all = true;

		for (size_t i = 0; i < find_what->count; i++)
			all = all && matches(&document->video, &find_what->conditions[i]);
		if (!all)
			continue;
		left--;
		if (emit(ctx, &found) == VM_STOP)
			break;
	}
	return VM_OK;
}

static int meta_count(void *self, const struct vm_find *find_what, uint64_t *count,
                      const struct vm_call *call, struct vm_error *err)
{
	(void)self;
	(void)find_what;
	(void)call;
	*count = 0;
	return vm_fail(err, VM_ERR_UNSUPPORTED, "count: the simulation does not count");
}

static int meta_remove(void *self, const char *id, uint64_t version, const struct vm_call *call,
                       struct vm_error *err)
{
	struct document **link = &documents, *document;
	int status = part_begin("meta.remove", err);

	(void)self;
	(void)call;
	if (status != VM_OK)
		return status;
	while (*link != NULL && strcmp((*link)->id, id) != 0)
		link = &(*link)->next;
	document = *link;
	if (document == NULL)
		return VM_OK;
	if (document->version != version)
		return vm_fail(err, VM_ERR_CONFLICT, "remove %s: another version", id);
	check_removal(&document->video);
	*link = document->next;
	free(document->json);
	free(document);
	return part_end("meta.remove", err);
}

static const struct vm_meta_ops ops = {.size = sizeof ops,
                                       .index = meta_index,
                                       .get = meta_get,
                                       .put = meta_put,
                                       .find = meta_find,
                                       .count = meta_count,
                                       .remove = meta_remove};

static struct plugin_life life = {.loaded = true};
struct plugin sim_meta = {.entry = {VM_PLUGIN(VM_KIND_META), .name = "sim-meta",
                                    .threads = VM_THREADS_PARALLEL, .ops.meta = &ops,
                                    .create = part_create, .destroy = part_destroy},
                          .life = &life};
