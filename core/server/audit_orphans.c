/* audit_orphans.c - what lies in the storage of outputs and can never be seen by anybody. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/audit_parts.h"
#include "support/call.h"
#include "video/keys.h"

enum { REMOVED_AT_ONCE = 500 };

/* All objects of one attempt, or one upload. */
struct group {
	char prefix[VM_KEY_MAX]; /* processed/<video>/<generation>-<epoch>-<nonce>/, or a strange key */
	char video[VIDEO_ID_MAX]; /* empty: a strange key */
	char *upload;             /* of this id, under the key that `prefix` is; NULL: objects */
	uint64_t objects, bytes;
	int64_t newest_ms;
};

struct orphans {
	struct audit *audit;
	struct audit_owner owner;
	struct group group; /* that the listing is in */
	struct group *items;
	size_t count;
	bool no_memory;
};

/* The length of "processed/<video>/<attempt>/" at the start of a key; of all of it if there is
 * none. */
static size_t prefix_length(const char *key)
{
	const char *at = key;

	for (int n = 0; n < 3; n++) {
		const char *slash = strchr(at, '/');

		if (slash == NULL)
			return strlen(key);
		at = slash + 1;
	}
	return (size_t)(at - key);
}

static void begin_group(struct group *group, const char *key, size_t length)
{
	static const char folder[] = "processed/";
	const char *id = key + sizeof folder - 1;

	*group = (struct group){0};
	snprintf(group->prefix, sizeof group->prefix, "%.*s", (int)length, key);
	if (length > sizeof folder - 1 + VIDEO_ID_MAX - 1 && id[VIDEO_ID_MAX - 1] == '/')
		snprintf(group->video, sizeof group->video, "%.*s", VIDEO_ID_MAX - 1, id);
	if (!video_id_is_valid(group->video))
		group->video[0] = '\0';
}

/* Of ".../<generation>-<epoch>-<nonce>/"; false: it is none. */
static bool read_epoch(const struct group *group, uint64_t *epoch)
{
	const char *attempt = group->prefix + strlen("processed/") + VIDEO_ID_MAX;
	const char *dash = strchr(attempt, '-');
	char *end;

	if (dash == NULL)
		return false;
	*epoch = strtoull(dash + 1, &end, 10);
	return end != dash + 1 && *end == '-';
}

/* Why nobody will ever see it; NULL: somebody does, or may yet, or the sweeper is about to. */
static const char *is_orphan(struct orphans *orphans, const struct group *group)
{
	struct audit *audit = orphans->audit;
	const struct video *video = &orphans->owner.video;
	struct vm_error err;
	uint64_t epoch;
	int status;

	if (group->newest_ms > audit->now_ms - audit->options->age_ms)
		return NULL;
	if (group->video[0] == '\0' || !read_epoch(group, &epoch))
		return "no key of vidmill's";
	status = audit_owner(audit, &orphans->owner, group->video, &err);
	if (status == VM_ERR_NOT_FOUND)
		return "their video is gone";
	if (status != VM_OK) {
		/* One that cannot be read has been told of already. */
		if (status != VM_ERR_BAD_DATA)
			audit_unchecked(audit, group->video, "the document of its objects", &err);
		return NULL;
	}
	if (strncmp(video->result.manifest_key, group->prefix, prefix_length(group->prefix)) == 0 ||
	    epoch > video->epoch || video->clean_ms != 0)
		return NULL;
	if (epoch == video->epoch &&
	    (video->state == VIDEO_DISPATCHED || video->state == VIDEO_PROCESSING))
		return NULL;
	return "their attempt lost its right to publish";
}

static enum vm_more keep(struct orphans *orphans, struct group *group)
{
	struct group *items;

	if (group->objects == 0 && group->upload == NULL)
		return VM_MORE;
	if (is_orphan(orphans, group) == NULL) {
		free(group->upload);
		return VM_MORE;
	}
	items = realloc(orphans->items, (orphans->count + 1) * sizeof *items);
	if (items == NULL) {
		orphans->no_memory = true;
		free(group->upload);
		return VM_STOP;
	}
	orphans->items = items;
	items[orphans->count++] = *group;
	return orphans->count < AUDIT_FOUND_MAX ? VM_MORE : VM_STOP;
}

static enum vm_more see_object(void *ctx, const char *key, const struct vm_object *object)
{
	struct orphans *orphans = ctx;
	struct group *group = &orphans->group;
	size_t length = prefix_length(key);
	enum vm_more more = VM_MORE;

	audit_progress(orphans->audit, "outputs", ++orphans->audit->sums->objects, 0);
	if (strlen(group->prefix) != length || strncmp(group->prefix, key, length) != 0) {
		more = keep(orphans, group);
		begin_group(group, key, length);
	}
	group->objects++;
	group->bytes += object->bytes;
	if (object->modified_ms > group->newest_ms)
		group->newest_ms = object->modified_ms;
	return more;
}

static enum vm_more see_upload(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	struct orphans *orphans = ctx;
	struct group group;

	audit_progress(orphans->audit, "uploads", ++orphans->audit->sums->uploads, 0);
	begin_group(&group, key, strlen(key));
	group.newest_ms = begun_ms;
	group.upload = strdup(upload);
	if (group.upload != NULL)
		return keep(orphans, &group);
	orphans->no_memory = true;
	return VM_STOP;
}

struct keys {
	char (*items)[VM_KEY_MAX];
	size_t count;
};

static enum vm_more add_key(void *ctx, const char *key, const struct vm_object *object)
{
	struct keys *keys = ctx;

	(void)object;
	snprintf(keys->items[keys->count++], VM_KEY_MAX, "%s", key);
	return keys->count < REMOVED_AT_ONCE ? VM_MORE : VM_STOP;
}

static int remove_objects(struct audit *audit, const char *prefix, struct vm_error *err)
{
	struct instance *storage = audit->server->places.storage_processed;
	struct keys keys = {.items = malloc(REMOVED_AT_ONCE * sizeof *keys.items)};
	int status = keys.items != NULL ? VM_OK : vm_fail_memory(err);

	do {
		struct call call;

		keys.count = 0;
		call_init(&call, audit->server->abort, AUDIT_LIST_MS);
		if (status == VM_OK)
			status = storage_list(storage, prefix, add_key, &keys, &call.vm, err);
		for (size_t i = 0; i < keys.count && status == VM_OK; i++)
			status = storage_remove(storage, keys.items[i], &call.vm, err);
	} while (status == VM_OK && keys.count == REMOVED_AT_ONCE);
	free(keys.items);
	return status;
}

static int remove_group(struct audit *audit, const struct group *group, struct vm_error *err)
{
	struct call call;

	if (group->upload == NULL)
		return remove_objects(audit, group->prefix, err);
	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	return storage_upload_abort(audit->server->places.storage_processed, group->prefix,
	                            group->upload, &call.vm, err);
}

/*
 * Only what a document says to be lost is removed: objects of a video that nobody
 * knows may be another pipeline's, or of documents that are restored tomorrow.
 */
static void settle(struct orphans *orphans, const struct group *group)
{
	struct audit *audit = orphans->audit;
	const char *remedy = AUDIT_RUN_REPAIR, *why;
	bool repaired = false;
	struct vm_error err;
	char what[64];

	/* Judged once more by a fresh document: removing is for good. */
	orphans->owner.id[0] = '\0';
	if ((why = is_orphan(orphans, group)) == NULL)
		return;
	if (group->video[0] == '\0') {
		remedy = "what vidmill did not make it does not remove: look at it";
	} else if (orphans->owner.status == VM_ERR_NOT_FOUND) {
		remedy = "remove them by hand, if no other pipeline and no backup knows the video";
	} else if (audit->options->repair) {
		repaired = remove_group(audit, group, &err) == VM_OK;
		remedy = repaired ? "removed" : err.message;
	}
	snprintf(what, sizeof what, "%" PRIu64 " objects of %" PRIu64 " bytes", group->objects,
	         group->bytes);
	audit_found(audit, group->upload != NULL ? FINDING_UPLOAD : FINDING_ORPHAN, group->video,
	            repaired, remedy, "%s: %s: %s", group->prefix,
	            group->upload != NULL ? "an unfinished upload" : what, why);
}

int audit_orphans(struct audit *audit, struct vm_error *err)
{
	struct instance *storage = audit->server->places.storage_processed;
	struct orphans orphans = {.audit = audit};
	struct call call;
	int status;

	call_init(&call, audit->server->abort, AUDIT_LIST_MS);
	status = storage_list(storage, "processed/", see_object, &orphans, &call.vm, err);
	if (status == VM_OK)
		(void)keep(&orphans, &orphans.group);
	if (status == VM_OK)
		status = storage_list_uploads(storage, "processed/", see_upload, &orphans, &call.vm, err);
	if (status == VM_OK && orphans.no_memory)
		status = vm_fail_memory(err);
	for (size_t i = 0; i < orphans.count; i++) {
		settle(&orphans, &orphans.items[i]);
		free(orphans.items[i].upload);
	}
	free(orphans.items);
	return status;
}
