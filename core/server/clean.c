/* clean.c - removing the objects and uploads that nobody will ever see. */
#include "server/clean.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "support/crash_point.h"
#include "support/log.h"
#include "video/keys.h"

/* What a listing found, kept until the listing is over. */
struct victims {
	const struct video *video;
	char prefix[VM_KEY_MAX];
	size_t kept; /* length of the visible attempt's prefix; 0: nothing is kept */
	struct victim {
		char *key;
		char *upload; /* NULL: an object */
	} * items;
	size_t count;
	bool no_memory;
};

/* The epoch of "processed/<video>/<generation>-<epoch>-<nonce>/…"; UINT64_MAX: no such key. */
static uint64_t epoch_of(const struct victims *victims, const char *key)
{
	const char *at = strchr(key + strlen(victims->prefix), '-');
	char *end;
	unsigned long long epoch;

	if (at == NULL)
		return UINT64_MAX;
	epoch = strtoull(at + 1, &end, 10);
	return end != at + 1 && *end == '-' ? epoch : UINT64_MAX;
}

static bool is_left_over(const struct victims *victims, const char *key)
{
	const struct video *video = victims->video;

	if (video->remove_asked)
		return true;
	if (victims->kept > 0 && strncmp(key, video->result.manifest_key, victims->kept) == 0)
		return false;
	/* An attempt of a later epoch may be at work by now: it is none of ours. */
	return epoch_of(victims, key) <= video->epoch;
}

static enum vm_more add_victim(struct victims *victims, const char *key, const char *upload)
{
	struct victim *items, *item;

	if (!is_left_over(victims, key))
		return VM_MORE;
	items = realloc(victims->items, (victims->count + 1) * sizeof *items);
	if (items == NULL) {
		victims->no_memory = true;
		return VM_STOP;
	}
	victims->items = items;
	item = &items[victims->count++];
	item->key = strdup(key);
	item->upload = upload != NULL ? strdup(upload) : NULL;
	if (item->key == NULL || (upload != NULL && item->upload == NULL)) {
		victims->no_memory = true;
		return VM_STOP;
	}
	return VM_MORE;
}

static enum vm_more add_object(void *ctx, const char *key, const struct vm_object *object)
{
	(void)object;
	return add_victim(ctx, key, NULL);
}

static enum vm_more add_upload(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	(void)begun_ms;
	return add_victim(ctx, key, upload);
}

static void victims_finish(struct victims *victims)
{
	for (size_t i = 0; i < victims->count; i++) {
		free(victims->items[i].key);
		free(victims->items[i].upload);
	}
	free(victims->items);
}

static int remove_victims(struct instance *storage, const struct victims *victims,
                          const struct vm_call *call, struct vm_error *err)
{
	int status = victims->no_memory ? vm_fail_memory(err) : VM_OK;

	for (size_t i = 0; status == VM_OK && i < victims->count; i++) {
		const struct victim *item = &victims->items[i];

		if (item->upload != NULL)
			status = storage_upload_abort(storage, item->key, item->upload, call, err);
		else
			status = storage_remove(storage, item->key, call, err);
		CRASH_POINT(SERVER_LEFT_OVER_REMOVED);
	}
	return status;
}

static int clean_processed(struct server *server, const struct video *video,
                           const struct vm_call *call, struct vm_error *err)
{
	struct instance *storage = server->places.storage_processed;
	struct victims victims = {.video = video};
	const char *name = strrchr(video->result.manifest_key, '/');
	int status;

	key_processed(video->id, victims.prefix);
	if (name != NULL)
		victims.kept = (size_t)(name - video->result.manifest_key) + 1;
	status = storage_list(storage, victims.prefix, add_object, &victims, call, err);
	if (status == VM_OK)
		status = storage_list_uploads(storage, victims.prefix, add_upload, &victims, call, err);
	if (status == VM_OK)
		status = remove_victims(storage, &victims, call, err);
	if (status == VM_OK && victims.count > 0)
		log_debug("removed %zu objects and uploads that were left over", victims.count);
	victims_finish(&victims);
	return status;
}

/* What broke off on its way to a source: there is one by now, or there will be none. */
static int clean_uploads(struct server *server, const struct video *video,
                         const struct vm_call *call, struct vm_error *err)
{
	struct instance *storage = server->places.storage_unprocessed;
	struct victims victims = {.video = &(struct video){.remove_asked = true}};
	char key[VM_KEY_MAX];
	int status;

	key_of_source(video, key);
	status = storage_list_uploads(storage, key, add_upload, &victims, call, err);
	if (status == VM_OK)
		status = remove_victims(storage, &victims, call, err);
	victims_finish(&victims);
	return status;
}

int clean_video(struct server *server, const struct video *video, const struct vm_call *call,
                struct vm_error *err)
{
	bool is_done_with = video->state == VIDEO_PROCESSED && !server->pipeline->policy.keep_source;
	int status = clean_processed(server, video, call, err);
	char key[VM_KEY_MAX];

	if (status == VM_OK)
		status = clean_uploads(server, video, call, err);
	if (status == VM_OK && (video->remove_asked || is_done_with || video->state == VIDEO_EXPIRED))
		status = storage_remove(server->places.storage_unprocessed, key_of_source(video, key), call,
		                        err);
	return status;
}
