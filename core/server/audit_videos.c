/* audit_videos.c - every video: its result, its source while it needs it, and what was due. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/audit_parts.h"
#include "server/audit_result.h"
#include "server/documents.h"
#include "server/stuck.h"
#include "support/call.h"
#include "video/keys.h"

enum { PAGE = 100 };

static bool is_in_work(const struct video *video)
{
	return video->state == VIDEO_QUEUED || video->state == VIDEO_DISPATCHED ||
	       video->state == VIDEO_PROCESSING;
}

static int stat_source(struct audit *audit, const struct video *video, struct vm_object *object,
                       struct vm_error *err)
{
	char key[VM_KEY_MAX];
	struct call call;

	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	return storage_stat(audit->server->places.storage_unprocessed, key_of_source(video, key),
	                    object, &call.vm, err);
}

/* True when the video is queued again; else `remedy` says why it is not. */
static bool retry(struct audit *audit, const struct video *video, char *remedy, size_t size)
{
	struct vm_object source;
	struct video after;
	struct vm_error err;
	struct call call;
	int status;

	if (is_in_work(video)) {
		snprintf(remedy, size, "it is being processed again already, as generation %" PRIu64,
		         video->generation);
		return true;
	}
	status = stat_source(audit, video, &source, &err);
	if (status == VM_ERR_NOT_FOUND || video->source.etag[0] == '\0') {
		snprintf(remedy, size, "it cannot be made again, for its source is gone: upload it anew");
		return false;
	}
	if (video->state != VIDEO_PROCESSED || !audit->options->repair) {
		snprintf(remedy, size, "vidmill retry %s makes it again from its source%s", video->id,
		         video->state == VIDEO_PROCESSED ? ", and so does vidmill audit --repair" : "");
		return false;
	}
	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	if (status == VM_OK)
		status = videos_retry(audit->server, video->id, NULL, &after, &call.vm, &err);
	if (status == VM_OK)
		snprintf(remedy, size, "queued again, as generation %" PRIu64, after.generation);
	else
		snprintf(remedy, size, "it could not be queued again: %.400s", err.message);
	return status == VM_OK;
}

static void audit_visible(struct audit *audit, const struct video *video)
{
	char fault[RESULT_FAULT_MAX], remedy[sizeof((struct finding *)0)->remedy];
	struct vm_error err;
	struct video now;
	struct call call;
	bool repaired;

	audit->sums->results++;
	if (audit_result(audit->server->places.storage_processed, video, audit->options->deep,
	                 audit->server->abort, fault, &err) != VM_OK) {
		audit_unchecked(audit, video->id, "its result", &err);
		return;
	}
	if (fault[0] == '\0')
		return;
	/* A new result, or a removal, while we looked: what was found is of the past. */
	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	if (document_read(audit->server->places.meta, video->id, &now, &call.vm, &err) != VM_OK ||
	    now.remove_asked || strcmp(now.result.manifest_key, video->result.manifest_key) != 0)
		return;
	repaired = retry(audit, &now, remedy, sizeof remedy);
	audit_found(audit, FINDING_RESULT, video->id, repaired, remedy, "%s", fault);
}

static void audit_source(struct audit *audit, const struct video *video)
{
	struct vm_object source;
	struct vm_error err;
	int status = stat_source(audit, video, &source, &err);

	if (status == VM_ERR_NOT_FOUND)
		audit_found(audit, FINDING_SOURCE, video->id, false, "upload it anew",
		            "it is %s and its source is gone", video_state_name(video->state));
	else if (status != VM_OK)
		audit_unchecked(audit, video->id, "its source", &err);
}

static void audit_stuck(struct audit *audit, const struct video *video, const char *why)
{
	struct input input = {.type = INPUT_TICK};
	struct effects effects;
	struct video after;
	struct vm_error err;
	struct call call;

	if (!audit->options->repair || video->wake_ms == 0) {
		audit_found(audit, FINDING_STUCK, video->id, false,
		            video->wake_ms == 0 ? "a running server takes the work away: is there one?"
		                                : "a running server sees to it, and so does vidmill audit "
		                                  "--repair",
		            "it is %s: %s", video_state_name(video->state), why);
		return;
	}
	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	if (videos_step(audit->server, video->id, &input, &after, &effects, &call.vm, &err) != VM_OK)
		audit_found(audit, FINDING_STUCK, video->id, false, err.message, "it is %s: %s",
		            video_state_name(video->state), why);
	else
		audit_found(audit, FINDING_STUCK, video->id, true, "what was due was done now",
		            "it is %s: %s", video_state_name(video->state), why);
}

static void audit_video(struct audit *audit, const char *id)
{
	struct video video;
	struct vm_error err;
	struct call call;
	const char *why;
	int status;

	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	status = document_read(audit->server->places.meta, id, &video, &call.vm, &err);
	if (status == VM_ERR_BAD_DATA)
		audit_found(audit, FINDING_DOCUMENT, id, false,
		            "no server can work on it: restore the document from a backup",
		            "its document cannot be read: %s", err.message);
	else if (status != VM_OK && status != VM_ERR_NOT_FOUND)
		audit_unchecked(audit, id, "its document", &err);
	if (status != VM_OK)
		return;
	audit->sums->videos++;
	if (video.result.manifest_key[0] != '\0' && !video.remove_asked)
		audit_visible(audit, &video);
	if (is_in_work(&video))
		audit_source(audit, &video);
	if ((why = video_is_stuck(audit->server, &video, audit->now_ms)) != NULL)
		audit_stuck(audit, &video, why);
}

int audit_videos(struct audit *audit, struct vm_error *err)
{
	struct vm_find find = {.limit = PAGE};
	char last[VIDEO_ID_MAX] = "";
	uint64_t total = 0, done = 0;
	struct call call;
	size_t count;
	int status;

	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	status = meta_count(audit->server->places.meta, &find, &total, &call.vm, err);
	do {
		char(*ids)[VIDEO_ID_MAX] = NULL;

		count = 0;
		call_init(&call, audit->server->abort, AUDIT_CALL_MS);
		if (status == VM_OK)
			status = documents_ids(audit->server->places.meta, &find, &ids, &count, &call.vm, err);
		for (size_t i = 0; i < count; i++) {
			audit_progress(audit, "videos", done++, total);
			audit_video(audit, ids[i]);
		}
		if (count > 0)
			memcpy(last, ids[count - 1], sizeof last);
		find.after_id = last;
		free(ids);
	} while (count == PAGE);
	return status;
}
