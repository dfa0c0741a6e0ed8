/* api_videos.c - /v1/videos: create, list, show, remove, and what can be asked of one. */
#include <inttypes.h>
#include <string.h>

#include "server/api.h"
#include "support/json.h"
#include "support/suggest.h"
#include "video/keys.h"

enum { LIST_DEFAULT = 50, LIST_MOST = 500 };

int api_check_members(struct exchange *exchange, const char *const *names)
{
	const char *member;
	json_t *value;
	size_t count = 0;

	while (names[count] != NULL)
		count++;
	json_object_foreach(exchange->json, member, value)
	{
		const char *near = suggest_name(member, names, count);
		size_t i = 0;

		while (i < count && strcmp(names[i], member) != 0)
			i++;
		if (i == count)
			return reply_problem(exchange, 400, "member %.64s: not known here%s%s%s", member,
			                     near != NULL ? "; did you mean " : "", near != NULL ? near : "",
			                     near != NULL ? "?" : "");
	}
	return 0;
}

int api_reply_video(struct exchange *exchange, int http_status, int status,
                    const struct video *video, const struct vm_error *err)
{
	if (status != VM_OK)
		return reply_error(exchange, err);
	return reply_json(exchange, http_status, video_to_public_json(video));
}

/* It becomes a header of other requests, so it must be nothing but a media type. */
static bool is_content_type(const char *text)
{
	const char *slash = strchr(text, '/');

	for (const char *c = text; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			return false;
	return slash != NULL && slash != text && slash[1] != '\0';
}

struct create_request {
	char name[VIDEO_NAME_MAX];
	char content_type[sizeof((struct video_upload *)0)->content_type];
	uint64_t bytes;
};

static int read_create(struct exchange *exchange, struct create_request *out)
{
	static const char *const members[] = {"name", "content_type", "bytes", NULL};
	uint64_t most = api_source_bytes_max(exchange->server);
	struct vm_error err;
	int status;

	if ((status = api_check_members(exchange, members)) != 0)
		return status;
	if (json_get_text(exchange->json, "name", out->name, sizeof out->name, &err) != VM_OK ||
	    json_get_text(exchange->json, "content_type", out->content_type, sizeof out->content_type,
	                  &err) != VM_OK ||
	    json_get_count(exchange->json, "bytes", 0, &out->bytes, &err) != VM_OK)
		return reply_problem(exchange, 400, "%s", err.message);
	if (out->content_type[0] != '\0' && !is_content_type(out->content_type))
		return reply_problem(exchange, 400, "member content_type: write it like \"video/mp4\"");
	if (out->bytes == 0 && json_is_integer(json_object_get(exchange->json, "bytes")))
		return reply_problem(exchange, 400, "member bytes: an empty file is no video");
	if (out->bytes > most)
		return reply_problem(
		    exchange, 413, "member bytes: a source may have at most %" PRIu64 " bytes here", most);
	return 0;
}

int api_create_video(struct exchange *exchange)
{
	struct create_request request = {0};
	struct video_create create = {
	    .name = request.name,
	    .content_type = request.content_type,
	    .owner = exchange->token != NULL ? exchange->token->name : "",
	};
	json_t *upload = NULL;
	struct vm_error err;
	struct video video;
	int status;

	if ((status = read_create(exchange, &request)) != 0)
		return status;
	create.bytes = request.bytes;
	if (videos_create(exchange->server, &create, &video, &exchange->call.vm, &err) != VM_OK ||
	    api_describe_upload(exchange, &video, &upload, &err) != VM_OK)
		return reply_error(exchange, &err);
	reply_header(exchange, "Location", "%s/v1/videos/%s", exchange->http->url, video.id);
	return reply_json(
	    exchange, 201,
	    json_pack("{so so}", "video", video_to_public_json(&video), "upload", upload));
}

struct listing {
	json_t *videos;
	uint32_t room;
	char last[VIDEO_ID_MAX];
	bool more, no_memory;
};

static enum vm_more list_video(void *ctx, const struct video *video)
{
	struct listing *listing = ctx;

	if (listing->room == 0) {
		listing->more = true;
		return VM_STOP;
	}
	listing->room--;
	memcpy(listing->last, video->id, sizeof listing->last);
	if (json_array_append_new(listing->videos, video_to_public_json(video)) != 0) {
		listing->no_memory = true;
		return VM_STOP;
	}
	return VM_MORE;
}

/* What states there are, for those who wrote another word. */
static int refuse_state(struct exchange *exchange, const char *word)
{
	char names[256] = "";

	for (enum video_state state = VIDEO_AWAITING_UPLOAD; state <= VIDEO_CANCELED; state++)
		snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
		         state > VIDEO_AWAITING_UPLOAD ? ", " : "", video_state_name(state));
	return reply_problem(exchange, 400, "query state: %.64s is none of %s", word, names);
}

int api_list_videos(struct exchange *exchange)
{
	struct video_list list = {.owner = exchange->owner,
	                          .after_id = exchange_query(exchange, "after")};
	const char *state = exchange_query(exchange, "state");
	struct listing listing = {0};
	struct vm_error err;
	int status;

	if (!exchange_query_number(exchange, "limit", 1, LIST_MOST, LIST_DEFAULT, &listing.room))
		return 400;
	if (list.after_id != NULL && !video_id_is_valid(list.after_id))
		return reply_problem(exchange, 400, "query after: the `next` of an earlier answer, please");
	if (state != NULL && (list.state = video_state_number(state)) == 0)
		return refuse_state(exchange, state);
	/* Documents that are going away count against a limit of the store: there is none. */
	list.limit = 0;
	listing.videos = json_array();
	status = videos_list(exchange->server, &list, list_video, &listing, &exchange->call.vm, &err);
	if (status == VM_OK && listing.no_memory)
		status = vm_fail_memory(&err);
	if (status != VM_OK) {
		json_decref(listing.videos);
		return reply_error(exchange, &err);
	}
	return reply_json(exchange, 200,
	                  json_pack("{so ss?}", "videos", listing.videos, "next",
	                            listing.more ? listing.last : NULL));
}

int api_show_video(struct exchange *exchange)
{
	struct vm_error err;
	struct video video;
	int status = videos_get(exchange->server, exchange->match.value, exchange->owner, &video,
	                        &exchange->call.vm, &err);

	return api_reply_video(exchange, 200, status, &video, &err);
}

int api_remove_video(struct exchange *exchange)
{
	struct vm_error err;

	if (videos_remove(exchange->server, exchange->match.value, exchange->owner, &exchange->call.vm,
	                  &err) != VM_OK)
		return reply_error(exchange, &err);
	return reply_empty(exchange, 202);
}

typedef int video_request_fn(struct server *server, const char *id, const char *owner,
                             struct video *out, const struct vm_call *call, struct vm_error *err);

static int ask(struct exchange *exchange, video_request_fn *request)
{
	static const char *const no_members[] = {NULL};
	struct vm_error err;
	struct video video;
	int status;

	if ((status = api_check_members(exchange, no_members)) != 0)
		return status;
	status = request(exchange->server, exchange->match.value, exchange->owner, &video,
	                 &exchange->call.vm, &err);
	return api_reply_video(exchange, 200, status, &video, &err);
}

int api_complete_video(struct exchange *exchange)
{
	return ask(exchange, videos_complete);
}

int api_retry_video(struct exchange *exchange)
{
	return ask(exchange, videos_retry);
}

int api_cancel_video(struct exchange *exchange)
{
	return ask(exchange, videos_cancel);
}
