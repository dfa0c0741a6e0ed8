/* videos.c - what clients and operators can ask of a video. */
#include "server/videos.h"

#include <string.h>

#include "server/documents.h"
#include "server/effects.h"
#include "server/feed.h"
#include "support/clock.h"
#include "support/crash_point.h"
#include "support/random.h"

int videos_create(struct server *server, const struct video_create *create, struct video *out,
                  const struct vm_call *call, struct vm_error *err)
{
	int64_t now_ms = clock_unix_ms();
	struct video video;
	char id[VIDEO_ID_MAX];
	int status;

	random_hex(id, (sizeof id - 1) / 2);
	video_init(&video, id, now_ms, now_ms + (int64_t)server->pipeline->server.upload_expires_ms);
	snprintf(video.name, sizeof video.name, "%s", create->name != NULL ? create->name : "");
	snprintf(video.owner, sizeof video.owner, "%s", create->owner != NULL ? create->owner : "");
	snprintf(video.upload.content_type, sizeof video.upload.content_type, "%s",
	         create->content_type != NULL ? create->content_type : "");
	video.upload.bytes = create->bytes;
	if ((status = document_store(server->places.meta, &video, call, err)) != VM_OK)
		return status;
	CRASH_POINT(SERVER_VIDEO_STORED);
	server->counters.videos_created++;
	feed_tell(server->feed, &video);
	*out = video;
	return VM_OK;
}

int videos_get(struct server *server, const char *id, const char *owner, struct video *out,
               const struct vm_call *call, struct vm_error *err)
{
	int status = document_read(server->places.meta, id, out, call, err);

	if (status == VM_ERR_NOT_FOUND ||
	    (status == VM_OK &&
	     (out->remove_asked || (owner != NULL && strcmp(owner, out->owner) != 0))))
		return vm_fail(err, VM_ERR_NOT_FOUND, "there is no video %s", id);
	return status;
}

static int refused(const struct video *video, const char *what, struct vm_error *err)
{
	return vm_fail(err, VM_ERR_CONFLICT, "video %s cannot be %s: it is %s", video->id, what,
	               video_state_name(video->state));
}

/* One request that the state may refuse. */
static int ask(struct server *server, const char *id, const char *owner, enum input_type type,
               const char *what, struct video *out, const struct vm_call *call,
               struct vm_error *err)
{
	struct input input = {.type = type};
	struct effects effects;
	int status;

	if ((status = videos_get(server, id, owner, out, call, err)) != VM_OK ||
	    (status = videos_step(server, id, &input, out, &effects, call, err)) != VM_OK)
		return status;
	return effects.refused ? refused(out, what, err) : VM_OK;
}

int videos_cancel(struct server *server, const char *id, const char *owner, struct video *out,
                  const struct vm_call *call, struct vm_error *err)
{
	return ask(server, id, owner, INPUT_CANCEL, "canceled", out, call, err);
}

int videos_retry(struct server *server, const char *id, const char *owner, struct video *out,
                 const struct vm_call *call, struct vm_error *err)
{
	return ask(server, id, owner, INPUT_RETRY, "retried", out, call, err);
}

int videos_remove(struct server *server, const char *id, const char *owner,
                  const struct vm_call *call, struct vm_error *err)
{
	struct video video;

	return ask(server, id, owner, INPUT_REMOVE, "removed", &video, call, err);
}

int videos_complete(struct server *server, const char *id, const char *owner, struct video *out,
                    const struct vm_call *call, struct vm_error *err)
{
	struct video video;
	int status;

	if ((status = videos_get(server, id, owner, &video, call, err)) != VM_OK)
		return status;
	if (video.state != VIDEO_AWAITING_UPLOAD && video.state != VIDEO_EXPIRED)
		return refused(&video, "completed", err);
	if ((status = effects_look_for_source(server, &video, NULL, out, call, err)) != VM_OK)
		return status;
	if (out->source.etag[0] == '\0')
		return vm_fail(err, VM_ERR_CONFLICT,
		               "video %s cannot be completed: nothing was uploaded yet", id);
	return VM_OK;
}

struct listing {
	video_fn *emit;
	void *ctx;
};

static enum vm_more list_video(void *ctx, const struct video *video)
{
	const struct listing *listing = ctx;

	return video->remove_asked ? VM_MORE : listing->emit(listing->ctx, video);
}

int videos_list(struct server *server, const struct video_list *list, video_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	struct vm_condition conditions[2];
	struct vm_find find = {.conditions = conditions,
	                       .order_by = "created_ms",
	                       .descending = true,
	                       .limit = list->limit,
	                       .after_id = list->after_id};
	struct listing listing = {emit, ctx};
	struct video after;
	int status;

	if (list->owner != NULL && list->owner[0] != '\0')
		conditions[find.count++] = (struct vm_condition){
		    .field = "owner", .match = VM_MATCH_EQUAL, .text = list->owner};
	if (list->state != 0)
		conditions[find.count++] = (struct vm_condition){
		    .field = "state", .match = VM_MATCH_EQUAL, .text = video_state_name(list->state)};
	if (list->after_id != NULL) {
		status = videos_get(server, list->after_id, list->owner, &after, call, err);
		if (status != VM_OK)
			return status;
		find.after_number = after.created_ms;
	}
	return documents_find(server->places.meta, &find, list_video, &listing, call, err);
}

int videos_count(struct server *server, enum video_state state, uint64_t *count,
                 const struct vm_call *call, struct vm_error *err)
{
	struct vm_condition condition = {
	    .field = "state", .match = VM_MATCH_EQUAL, .text = video_state_name(state)};
	struct vm_find find = {.conditions = &condition, .count = 1};

	return meta_count(server->places.meta, &find, count, call, err);
}
