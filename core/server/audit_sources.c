/* audit_sources.c - what lies in the storage of sources: arrivals, strays, unfinished uploads. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/audit_parts.h"
#include "server/effects.h"
#include "support/call.h"
#include "video/keys.h"

/* The sweeper looks for a source at least this often while its video waits for one. */
#define LOST_MS (UPLOAD_SLACK_MS + 5 * 60 * 1000)

/* Noted while listing, seen to when the listing is over. */
struct noted {
	char video[VIDEO_ID_MAX];
	char *upload; /* NULL: a source that arrived */
};

struct sources {
	struct audit *audit;
	struct audit_owner owner;
	struct noted *items;
	size_t count;
	bool no_memory;
};

static enum vm_more note(struct sources *sources, const char *video, const char *upload)
{
	struct noted *items = realloc(sources->items, (sources->count + 1) * sizeof *items);

	if (items == NULL) {
		sources->no_memory = true;
		return VM_STOP;
	}
	sources->items = items;
	items[sources->count] = (struct noted){.upload = upload != NULL ? strdup(upload) : NULL};
	memcpy(items[sources->count].video, video, VIDEO_ID_MAX);
	sources->no_memory = upload != NULL && items[sources->count].upload == NULL;
	if (sources->no_memory)
		return VM_STOP;
	sources->count++;
	return sources->count < AUDIT_FOUND_MAX ? VM_MORE : VM_STOP;
}

static bool awaits(const struct video *video)
{
	return video->state == VIDEO_AWAITING_UPLOAD || video->state == VIDEO_EXPIRED;
}

static enum vm_more see_source(void *ctx, const char *key, const struct vm_object *object)
{
	struct sources *sources = ctx;
	struct audit *audit = sources->audit;
	char id[VIDEO_ID_MAX];
	struct vm_error err;
	int status;

	audit_progress(audit, "sources", ++audit->sums->objects, 0);
	if (!key_read_source(key, id))
		return VM_MORE;
	status = audit_owner(audit, &sources->owner, id, &err);
	if (status == VM_ERR_NOT_FOUND && object->modified_ms <= audit->now_ms - audit->options->age_ms)
		audit_found(audit, FINDING_STRAY_SOURCE, NULL, false,
		            "a source is never removed here: upload it as a new video, or remove it by "
		            "hand",
		            "%s, of %" PRIu64 " bytes, has no video", key, object->bytes);
	else if (status != VM_OK && status != VM_ERR_NOT_FOUND && status != VM_ERR_BAD_DATA)
		audit_unchecked(audit, id, "the document of its source", &err);
	else if (status == VM_OK && awaits(&sources->owner.video) &&
	         !sources->owner.video.remove_asked &&
	         (sources->owner.video.state == VIDEO_EXPIRED ||
	          object->modified_ms < audit->now_ms - LOST_MS))
		return note(sources, id, NULL);
	return VM_MORE;
}

static enum vm_more see_upload(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	struct sources *sources = ctx;
	struct audit *audit = sources->audit;
	int64_t lives_ms = (int64_t)audit->server->pipeline->server.upload_expires_ms + UPLOAD_SLACK_MS;
	char id[VIDEO_ID_MAX];
	struct vm_error err;
	int status;

	audit_progress(audit, "uploads", ++audit->sums->uploads, 0);
	if (!key_read_source(key, id) || begun_ms > audit->now_ms - lives_ms)
		return VM_MORE;
	status = audit_owner(audit, &sources->owner, id, &err);
	if (status != VM_OK && status != VM_ERR_NOT_FOUND)
		return VM_MORE;
	if (status == VM_OK && sources->owner.video.state == VIDEO_AWAITING_UPLOAD &&
	    sources->owner.video.upload.expires_ms + UPLOAD_SLACK_MS > audit->now_ms)
		return VM_MORE;
	return note(sources, id, upload);
}

static void queue_arrived(struct audit *audit, const char *id)
{
	struct audit_owner owner = {0};
	struct video after;
	struct vm_error err;
	struct call call;
	int status = VM_OK;

	if (audit->options->repair) {
		status = audit_owner(audit, &owner, id, &err);
		call_init(&call, audit->server->abort, AUDIT_CALL_MS);
		if (status == VM_OK && awaits(&owner.video))
			status = effects_look_for_source(audit->server, &owner.video, NULL, &after, &call.vm,
			                                 &err);
	}
	audit_found(audit, FINDING_ARRIVAL, id, audit->options->repair && status == VM_OK,
	            status != VM_OK          ? err.message
	            : audit->options->repair ? "queued"
	                                     : "a running server finds it, and so does vidmill audit "
	                                       "--repair",
	            "its source has arrived and it does not know");
}

/* As with objects: what no document knows may be somebody else's. */
static void abort_upload(struct audit *audit, const char *id, const char *upload)
{
	struct audit_owner owner = {0};
	char key[VM_KEY_MAX];
	struct vm_error err;
	struct call call;
	int status = audit_owner(audit, &owner, id, &err);

	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	if (status == VM_OK && audit->options->repair)
		status = storage_upload_abort(audit->server->places.storage_unprocessed,
		                              key_source(id, key), upload, &call.vm, &err);
	audit_found(audit, FINDING_UPLOAD, id, audit->options->repair && status == VM_OK,
	            status == VM_ERR_NOT_FOUND
	                ? "abort it by hand, if no other pipeline knows the video"
	            : status != VM_OK        ? err.message
	            : audit->options->repair ? "removed"
	                                     : AUDIT_RUN_REPAIR,
	            "an upload of its source was begun and can no longer be finished");
}

int audit_sources(struct audit *audit, struct vm_error *err)
{
	struct instance *storage = audit->server->places.storage_unprocessed;
	struct sources sources = {.audit = audit};
	struct call call;
	int status;

	call_init(&call, audit->server->abort, AUDIT_LIST_MS);
	status = storage_list(storage, "unprocessed/", see_source, &sources, &call.vm, err);
	if (status == VM_OK)
		status = storage_list_uploads(storage, "unprocessed/", see_upload, &sources, &call.vm, err);
	if (status == VM_OK && sources.no_memory)
		status = vm_fail_memory(err);
	for (size_t i = 0; i < sources.count; i++) {
		if (sources.items[i].upload == NULL)
			queue_arrived(audit, sources.items[i].video);
		else
			abort_upload(audit, sources.items[i].video, sources.items[i].upload);
		free(sources.items[i].upload);
	}
	free(sources.items);
	return status;
}
