/* message.c - the task message, the job and the event, as JSON. */
#include "video/message.h"

#include <string.h>

#include "support/json.h"
#include "video/document.h"
#include "video/keys.h"
#include "video/names.h"

/* Every message of ours says what it is, so that a stranger's is told from it. */
#define KIND_MEMBER "vidmill"

static const struct field job_fields[] = {
    {.name = "video", FIELD_AS_TEXT(struct job, video)},
    {.name = "generation", .type = FIELD_COUNT, FIELD(struct job, generation)},
    {.name = "epoch", .type = FIELD_COUNT, FIELD(struct job, epoch)},
    {.name = "ticket", FIELD_AS_TEXT(struct job, ticket)},
    {.name = "key", FIELD_AS_TEXT(struct job, key)},
    {.name = "etag", FIELD_AS_TEXT(struct job, etag)},
    {.name = "bytes", .type = FIELD_COUNT, FIELD(struct job, bytes)},
    {.name = "lease_ms", .type = FIELD_COUNT, FIELD(struct job, lease_ms)},
    {.name = "pipeline_hash", FIELD_AS_TEXT(struct job, pipeline_hash)},
    {.name = "receipt", FIELD_AS_TEXT(struct job, receipt)},
    {.name = NULL}};

static const char *const event_words[] = {
    [EVENT_STARTED] = "started", [EVENT_PROGRESS] = "progress", [EVENT_SUCCEEDED] = "succeeded",
    [EVENT_FAILED] = "failed",   [EVENT_RELEASED] = "released",
};

static const struct field event_fields[] = {
    {.name = "event", FIELD_AS_WORD(struct event, type, event_words)},
    {.name = "video", FIELD_AS_TEXT(struct event, video)},
    {.name = "generation", .type = FIELD_COUNT, FIELD(struct event, generation)},
    {.name = "epoch", .type = FIELD_COUNT, FIELD(struct event, epoch)},
    {.name = "nonce", FIELD_AS_TEXT(struct event, nonce)},
    {.name = "ticket", FIELD_AS_TEXT(struct event, ticket)},
    {.name = "at_ms", .type = FIELD_INT, FIELD(struct event, at_ms)},
    {.name = "progress",
     .type = FIELD_GROUP,
     FIELD(struct event, progress),
     .group = video_progress_fields},
    {.name = "result",
     .type = FIELD_GROUP,
     FIELD(struct event, result),
     .group = video_result_fields},
    {.name = "error", FIELD_AS_WORD(struct event, error, error_class_words)},
    {.name = "transient", .type = FIELD_BOOL, FIELD(struct event, transient)},
    {.name = "reason", FIELD_AS_TEXT(struct event, reason)},
    {.name = NULL}};

static char *write_message(const char *kind, const struct field *table, const void *base)
{
	json_t *object = fields_to_json(table, base);
	char *text = NULL;

	if (object != NULL && json_object_set_new(object, KIND_MEMBER, json_string(kind)) == 0)
		text = json_write(object);
	json_decref(object);
	return text;
}

/* Reads a message of this kind; a message without the word, or with another one, is refused. */
static int read_message(const char *kind, const struct field *table, const void *body,
                        size_t length, void *base, struct vm_error *err)
{
	json_t *object;
	char found[16];
	int status;

	if ((status = json_read_object(body, length, &object, err)) != VM_OK)
		return status;
	status = json_get_text(object, KIND_MEMBER, found, sizeof found, err);
	if (status == VM_OK && strcmp(found, kind) != 0)
		status = vm_fail(err, VM_ERR_BAD_DATA, "not a vidmill %s", kind);
	if (status == VM_OK)
		status = fields_from_json(table, object, base, err);
	json_decref(object);
	return status;
}

struct task_message {
	char video[VIDEO_ID_MAX];
};

static const struct field task_fields[] = {
    {.name = "video", FIELD_AS_TEXT(struct task_message, video)}, {.name = NULL}};

char *task_message_write(const char *video)
{
	struct task_message message;

	snprintf(message.video, sizeof message.video, "%s", video);
	return write_message("task", task_fields, &message);
}

int task_message_read(const void *body, size_t length, char id[VIDEO_ID_MAX], struct vm_error *err)
{
	struct task_message message;
	int status = read_message("task", task_fields, body, length, &message, err);

	if (status != VM_OK)
		return status;
	if (!video_id_is_valid(message.video))
		return vm_fail(err, VM_ERR_BAD_DATA, "a task message without a video");
	memcpy(id, message.video, sizeof message.video);
	return VM_OK;
}

char *job_write(const struct job *job)
{
	return write_message("job", job_fields, job);
}

int job_read(const char *text, struct job *out, struct vm_error *err)
{
	struct job job = {0};
	int status;

	status = read_message("job", job_fields, text, strlen(text), &job, err);
	if (status != VM_OK)
		return status;
	if (!video_id_is_valid(job.video) || job.epoch == 0 || job.ticket[0] == '\0' ||
	    job.key[0] == '\0')
		return vm_fail(err, VM_ERR_BAD_DATA, "a job without video, epoch, ticket or key");
	*out = job;
	return VM_OK;
}

const char *event_type_name(enum event_type type)
{
	return type >= EVENT_STARTED && type <= EVENT_RELEASED ? event_words[type] : "";
}

char *event_write(const struct event *event)
{
	return write_message("event", event_fields, event);
}

int event_read(const void *body, size_t length, struct event *out, struct vm_error *err)
{
	struct event event = {0};
	int status;

	status = read_message("event", event_fields, body, length, &event, err);
	if (status != VM_OK)
		return status;
	if (event.type == 0 || !video_id_is_valid(event.video) || event.nonce[0] == '\0')
		return vm_fail(err, VM_ERR_BAD_DATA, "an event without type, video or nonce");
	*out = event;
	return VM_OK;
}
