/* document.c - a video as the JSON document that is stored, and as what a client may see. */
#include "video/document.h"

#include "support/json.h"
#include "video/names.h"

/* The number that tells how to read a document; another one is refused. */
#define DOCUMENT_SCHEMA 1

static const struct field upload_fields[] = {
    {.name = "bytes", .type = FIELD_COUNT, FIELD(struct video_upload, bytes)},
    {.name = "expires_ms", .type = FIELD_INT, FIELD(struct video_upload, expires_ms)},
    {.name = "content_type", FIELD_AS_TEXT(struct video_upload, content_type)},
    {.name = NULL}};

static const struct field source_fields[] = {
    {.name = "key", FIELD_AS_TEXT(struct video_source, key)},
    {.name = "etag", FIELD_AS_TEXT(struct video_source, etag)},
    {.name = "sequencer", FIELD_AS_TEXT(struct video_source, sequencer)},
    {.name = "bytes", .type = FIELD_COUNT, FIELD(struct video_source, bytes)},
    {.name = NULL}};

static const struct field attempt_fields[] = {
    {.name = "ticket", FIELD_AS_TEXT(struct video_attempt, ticket)},
    {.name = "nonce", FIELD_AS_TEXT(struct video_attempt, nonce)},
    {.name = "task", FIELD_AS_TEXT(struct video_attempt, task)},
    {.name = "dispatched_ms", .type = FIELD_INT, FIELD(struct video_attempt, dispatched_ms)},
    {.name = "started_ms", .type = FIELD_INT, FIELD(struct video_attempt, started_ms)},
    {.name = "until_ms", .type = FIELD_INT, FIELD(struct video_attempt, until_ms)},
    {.name = "grace_ms", .type = FIELD_INT, FIELD(struct video_attempt, grace_ms)},
    {.name = NULL}};

const struct field video_progress_fields[] = {
    {.name = "stage", FIELD_AS_TEXT(struct video_progress, stage)},
    {.name = "done_ms", .type = FIELD_COUNT, FIELD(struct video_progress, done_ms)},
    {.name = "total_ms", .type = FIELD_COUNT, FIELD(struct video_progress, total_ms)},
    {.name = "speed", .type = FIELD_REAL, FIELD(struct video_progress, speed)},
    {.name = "left_ms", .type = FIELD_COUNT, FIELD(struct video_progress, left_ms)},
    {.name = "number", .type = FIELD_COUNT, FIELD(struct video_progress, number)},
    {.name = "stages", .type = FIELD_COUNT, FIELD(struct video_progress, stages)},
    {.name = "at_ms", .type = FIELD_INT, FIELD(struct video_progress, at_ms)},
    {.name = NULL}};

const struct field video_result_fields[] = {
    {.name = "manifest_key", FIELD_AS_TEXT(struct video_result, manifest_key)},
    {.name = "manifest_sha256", FIELD_AS_TEXT(struct video_result, manifest_sha256)},
    {.name = "outputs", .type = FIELD_COUNT, FIELD(struct video_result, outputs)},
    {.name = "bytes", .type = FIELD_COUNT, FIELD(struct video_result, bytes)},
    {.name = NULL}};

static const struct field history_fields[] = {
    {.name = "generation", .type = FIELD_COUNT, FIELD(struct attempt_record, generation)},
    {.name = "epoch", .type = FIELD_COUNT, FIELD(struct attempt_record, epoch)},
    {.name = "end", FIELD_AS_WORD(struct attempt_record, end, attempt_end_words)},
    {.name = "error", FIELD_AS_WORD(struct attempt_record, error, error_class_words)},
    {.name = "started_ms", .type = FIELD_INT, FIELD(struct attempt_record, started_ms)},
    {.name = "ended_ms", .type = FIELD_INT, FIELD(struct attempt_record, ended_ms)},
    {.name = "reason", FIELD_AS_TEXT(struct attempt_record, reason)},
    {.name = NULL}};

/* What a client may see of a video; the order is the order in which people read it. */
#define PUBLIC_FIELDS                                                                              \
	{.name = "id", FIELD_AS_TEXT(struct video, id)},                                               \
	    {.name = "name", FIELD_AS_TEXT(struct video, name)},                                       \
	    {.name = "state", FIELD_AS_WORD(struct video, state, video_state_words)},                  \
	    {.name = "error", FIELD_AS_WORD(struct video, error, error_class_words)},                  \
	    {.name = "reason", FIELD_AS_TEXT(struct video, reason)},                                   \
	    {.name = "created_ms", .type = FIELD_INT, FIELD(struct video, created_ms)},                \
	    {.name = "updated_ms", .type = FIELD_INT, FIELD(struct video, updated_ms)},                \
	    {.name = "finished_ms", .type = FIELD_INT, FIELD(struct video, finished_ms)},              \
	    {.name = "generation", .type = FIELD_COUNT, FIELD(struct video, generation)},              \
	    {.name = "attempts", .type = FIELD_COUNT, FIELD(struct video, attempts)},                  \
	    {.name = "due_ms", .type = FIELD_INT, FIELD(struct video, due_ms)},                        \
	    {.name = "upload",                                                                         \
	     .type = FIELD_GROUP,                                                                      \
	     FIELD(struct video, upload),                                                              \
	     .group = upload_fields},                                                                  \
	    {.name = "progress",                                                                       \
	     .type = FIELD_GROUP,                                                                      \
	     FIELD(struct video, progress),                                                            \
	     .group = video_progress_fields},                                                          \
	{                                                                                              \
		.name = "result", .type = FIELD_GROUP, FIELD(struct video, result),                        \
		.group = video_result_fields                                                               \
	}

static const struct field public_fields[] = {PUBLIC_FIELDS, {.name = NULL}};

static const struct field document_fields[] = {
    PUBLIC_FIELDS,
    {.name = "owner", FIELD_AS_TEXT(struct video, owner)},
    {.name = "epoch", .type = FIELD_COUNT, FIELD(struct video, epoch)},
    {.name = "releases", .type = FIELD_COUNT, FIELD(struct video, releases)},
    {.name = "waiting_ms", .type = FIELD_INT, FIELD(struct video, waiting_ms)},
    {.name = "message_owed", .type = FIELD_BOOL, FIELD(struct video, message_owed)},
    {.name = "visible_ms", .type = FIELD_INT, FIELD(struct video, visible_ms)},
    {.name = "source", .type = FIELD_GROUP, FIELD(struct video, source), .group = source_fields},
    {.name = "attempt", .type = FIELD_GROUP, FIELD(struct video, attempt), .group = attempt_fields},
    {.name = "dead_letter_owed", .type = FIELD_BOOL, FIELD(struct video, dead_letter_owed)},
    {.name = "redrive_owed", .type = FIELD_BOOL, FIELD(struct video, redrive_owed)},
    {.name = "stop_owed", FIELD_AS_TEXT(struct video, stop_owed)},
    {.name = "outbox_event", FIELD_AS_TEXT(struct video, outbox_event)},
    {.name = "outbox_sent_ms", .type = FIELD_INT, FIELD(struct video, outbox_sent_ms)},
    {.name = "clean_ms", .type = FIELD_INT, FIELD(struct video, clean_ms)},
    {.name = "wake_ms", .type = FIELD_INT, FIELD(struct video, wake_ms)},
    {.name = "remove_asked", .type = FIELD_BOOL, FIELD(struct video, remove_asked)},
    {.name = NULL}};

const struct vm_field video_fields[] = {{"state", VM_FIELD_TEXT},
                                        {"owner", VM_FIELD_TEXT},
                                        {"created_ms", VM_FIELD_INT},
                                        {"wake_ms", VM_FIELD_INT},
                                        {"waiting_ms", VM_FIELD_INT}};
const size_t n_video_fields = sizeof video_fields / sizeof video_fields[0];

/* Adds the history to `object`, which is let go of when memory runs out. */
static json_t *with_history(json_t *object, const struct video *video)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < video->n_history; i++)
		if (json_array_append_new(list, fields_to_json(history_fields, &video->history[i])) != 0) {
			json_decref(list);
			list = NULL;
		}
	if (object == NULL || list == NULL || json_object_set(object, "history", list) != 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(list);
	return object;
}

json_t *video_to_json(const struct video *video)
{
	json_t *object = fields_to_json(document_fields, video);

	if (object != NULL && json_object_set_new(object, "schema", json_integer(DOCUMENT_SCHEMA))) {
		json_decref(object);
		object = NULL;
	}
	return with_history(object, video);
}

json_t *video_to_public_json(const struct video *video)
{
	return with_history(fields_to_json(public_fields, video), video);
}

static int read_history(const json_t *json, struct video *out, struct vm_error *err)
{
	const json_t *list = json_object_get(json, "history");

	if (json_array_size(list) > VIDEO_HISTORY_MAX)
		return vm_fail(err, VM_ERR_BAD_DATA, "member history: more than %d entries",
		               VIDEO_HISTORY_MAX);
	out->n_history = json_array_size(list);
	for (size_t i = 0; i < out->n_history; i++) {
		int status = fields_from_json(history_fields, json_array_get(list, i), &out->history[i],
		                              err);

		if (status != VM_OK)
			return status;
	}
	return VM_OK;
}

int video_from_json(const json_t *json, uint64_t version, struct video *out, struct vm_error *err)
{
	struct video video = {.version = version};
	int64_t schema;
	int status;

	if ((status = json_get_int(json, "schema", 0, &schema, err)) != VM_OK)
		return status;
	if (schema != DOCUMENT_SCHEMA)
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "member schema: %lld was written by another version of vidmill; this one "
		               "reads %d",
		               (long long)schema, DOCUMENT_SCHEMA);
	if ((status = fields_from_json(document_fields, json, &video, err)) != VM_OK ||
	    (status = read_history(json, &video, err)) != VM_OK)
		return status;
	if (video.id[0] == '\0' || video.state == 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "member %s: missing",
		               video.id[0] == '\0' ? "id" : "state");
	*out = video;
	return VM_OK;
}
