/* world.c - a server with videos in every state that the cases speak of. */
#include "world.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/documents.h"
#include "server/manifests.h"
#include "support/clock.h"
#include "video/keys.h"

/* SHA-256 of "alpha". */
#define TOKENS "ann:8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8"
#define KEY "of a length that is long enough: 32"

static void name(struct world *world, const char *word, const char *text)
{
	world->names[world->count].name = word;
	snprintf(world->names[world->count].text, sizeof world->names[0].text, "%s", text);
	world->count++;
}

static void name_upload(struct world *world, const char *word, const char *video)
{
	struct upload_url upload = {.expires_ms = clock_unix_ms() + 60000, .bytes = 5};
	char url[UPLOAD_URL_MAX];
	struct vm_error err;

	memcpy(upload.video, video, sizeof upload.video);
	ck_assert_int_eq(upload_url_write(world->fake.http->upload_key, "", &upload, url, &err), VM_OK);
	name(world, word, url);
}

static void set_state(struct fake *fake, struct video *video, enum video_state state)
{
	struct attempt_record record = {.generation = 1,
	                                .epoch = 1,
	                                .end = ATTEMPT_FAILED,
	                                .error = ERROR_BAD_MEDIA,
	                                .started_ms = 1700000000000,
	                                .ended_ms = 1700000001000,
	                                .reason = "no video stream"};
	struct vm_error err;

	ck_assert_int_eq(videos_get(&fake->server, video->id, NULL, video, NULL, &err), VM_OK);
	video->state = state;
	if (state == VIDEO_FAILED) {
		video->error = ERROR_BAD_MEDIA;
		snprintf(video->reason, sizeof video->reason, "no video stream");
		video->attempts = 1;
		video->history[video->n_history++] = record;
	}
	ck_assert_int_eq(document_store(fake->server.places.meta, video, NULL, &err), VM_OK);
}

static void store_source(struct fake *fake, const struct video *video)
{
	char key[VM_KEY_MAX];
	struct vm_put put = {.key = key_source(video->id, key)};
	struct vm_error err;

	ck_assert_int_eq(
	    storage_put(fake->server.places.storage_unprocessed, &put, "a", 1, NULL, NULL, &err),
	    VM_OK);
}

static void name_etag(struct world *world, const struct video *video)
{
	struct manifest manifest;
	struct vm_error err;
	char sha256[VIDEO_HASH_MAX], etag[80];

	ck_assert_int_eq(manifest_fetch(world->fake.server.places.storage_processed,
	                                video->result.manifest_key, sha256, &manifest, NULL, &err),
	                 VM_OK);
	snprintf(etag, sizeof etag, "\"%s\"", manifest_find(&manifest, "web/master.m3u8")->sha256);
	name(world, "{etag}", etag);
	manifest_finish(&manifest);
}

void world_create(struct world *world)
{
	struct fake *fake = &world->fake;
	struct video waiting, sent, queued, failed, processed, canceled;
	char letter[VM_MESSAGE_ID_MAX];

	world->count = 0;
	fake_start(fake, &(struct fake_options){.tokens = TOKENS, .upload_key = KEY});
	fake_create(fake, "ann", &waiting);
	fake_create(fake, "ann", &sent);
	store_source(fake, &sent);
	fake_queue(fake, "ann", &queued);
	fake_queue(fake, "ann", &failed);
	set_state(fake, &failed, VIDEO_FAILED);
	fake_process(fake, "ann", &processed);
	fake_create(fake, "ann", &canceled);
	set_state(fake, &canceled, VIDEO_CANCELED);

	name(world, "{waiting}", waiting.id);
	name(world, "{sent}", sent.id);
	name(world, "{queued}", queued.id);
	name(world, "{failed}", failed.id);
	name(world, "{processed}", processed.id);
	name(world, "{canceled}", canceled.id);
	name(world, "{unknown}", WORLD_UNKNOWN);
	fake_bury(fake, failed.id, letter);
	name(world, "{letter}", letter);
	fake_bury(fake, processed.id, letter);
	name(world, "{late_letter}", letter);
	name_etag(world, &processed);
	name_upload(world, "{upload}", waiting.id);
	name_upload(world, "{queued_upload}", queued.id);
	name_upload(world, "{canceled_upload}", canceled.id);
	name_upload(world, "{unknown_upload}", WORLD_UNKNOWN);
}

void world_destroy(struct world *world)
{
	fake_stop(&world->fake);
}

void world_fill(const struct world *world, const char *text, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	while (text != NULL && *text != '\0') {
		const char *replaced = NULL;

		for (size_t i = 0; i < world->count && replaced == NULL; i++)
			if (strncmp(text, world->names[i].name, strlen(world->names[i].name)) == 0) {
				replaced = world->names[i].text;
				text += strlen(world->names[i].name);
			}
		used += (size_t)snprintf(out + used, size - used, "%.*s",
		                         replaced != NULL ? (int)strlen(replaced) : 1,
		                         replaced != NULL ? replaced : text);
		text += replaced == NULL;
	}
}
