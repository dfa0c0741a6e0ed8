/* check_video.c - what is stored and shown, held against the promises at every write. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "parts.h"
#include "sim.h"
#include "support/hash.h"
#include "tally.h"
#include "video/keys.h"

void check_promised(const char *id)
{
	struct video video;

	know(id)->promised = true;
	if (!document_find(id, &video))
		broken(DURABLE, "video %s was promised and is not stored", id);
}

void check_uploaded(const char *id)
{
	struct known *video = know(id);

	tally_add(TALLY_VIDEOS, !video->uploaded);
	video->uploaded = true;
	video->waits_ms = world.now_ms;
}

void check_may_remove(const char *id)
{
	know(id)->may_remove = true;
}

void check_redriven(const char *id)
{
	know(id)->redriven = true;
}

/* Visible means complete: every object of the manifest is there as listed. */
static void check_complete(const struct video *video, struct manifest *manifest)
{
	const struct object *object = object_find(video->result.manifest_key);
	char prefix[VM_KEY_MAX];

	if (object == NULL || manifest_read(object->bytes, object->length, manifest, NULL) != VM_OK)
		broken(VISIBLE_MEANS_COMPLETE, "video %s shows %s, which is no manifest", video->id,
		       video->result.manifest_key);
	key_attempt(video->id, manifest->generation, manifest->epoch, manifest->nonce, prefix);
	for (size_t i = 0; i < manifest->n_outputs; i++) {
		char key[VM_KEY_MAX + sizeof manifest->outputs->name], sha256[HASH_TEXT_MAX];
		const struct object *output;

		snprintf(key, sizeof key, "%s%s", prefix, manifest->outputs[i].name);
		output = object_find(key);
		if (output == NULL || output->length != manifest->outputs[i].bytes ||
		    hash_bytes(output->bytes, output->length, sha256, NULL) != VM_OK ||
		    strcmp(sha256, manifest->outputs[i].sha256) != 0)
			broken(VISIBLE_MEANS_COMPLETE, "video %s lists %s, which is not as listed", video->id,
			       key);
	}
}

static void check_still_complete(const struct video *video)
{
	struct manifest manifest;

	check_complete(video, &manifest);
	manifest_finish(&manifest);
}

/* A result is of the source that is stored: a running attempt's does not change. */
static void check_source(const struct video *video, const struct manifest *manifest)
{
	char key[VM_KEY_MAX], etag[VM_ETAG_MAX];
	const struct object *object;

	key_source(video->id, key);
	object = object_find(key);
	if (object == NULL)
		return;
	object_etag(object, etag);
	if (strcmp(manifest->source_etag, etag) != 0)
		broken(VISIBLE_MEANS_COMPLETE, "video %s shows what was made of source %s, and has %s",
		       video->id, manifest->source_etag, etag);
}

/* One visible effect for each generation, of the attempt that had the right. */
static void check_result(const struct video *before, const struct video *after)
{
	struct known *video = know(after->id);
	struct manifest manifest;

	check_complete(after, &manifest);
	if (strcmp(manifest.video, after->id) != 0)
		broken(FENCED, "video %s shows what was made of another one", after->id);
	if (video->published >= after->generation)
		broken(ONE_VISIBLE_EFFECT, "video %s, generation %llu is shown twice", after->id,
		       (unsigned long long)after->generation);
	if (manifest.generation != before->generation || manifest.epoch != before->epoch)
		broken(FENCED, "video %s shows epoch %llu when epoch %llu had the right", after->id,
		       (unsigned long long)manifest.epoch, (unsigned long long)before->epoch);
	if (before->attempt.nonce[0] != '\0' && strcmp(manifest.nonce, before->attempt.nonce) != 0)
		broken(FENCED, "video %s: %s claimed the epoch and %s is shown", after->id,
		       before->attempt.nonce, manifest.nonce);
	check_source(after, &manifest);
	video->published = after->generation;
	tally_add(TALLY_PROCESSED, 1);
	manifest_finish(&manifest);
}

/* Failures and losses of this generation: the policy bounds them. */
static void check_attempts(const struct video *video)
{
	int64_t count = 0;

	for (size_t i = 0; i < video->n_history; i++)
		count += video->history[i].generation == video->generation &&
		         (video->history[i].end == ATTEMPT_FAILED || video->history[i].end == ATTEMPT_LOST);
	if (count > sim.pipeline.policy.attempts && !know(video->id)->redriven)
		broken(TERMINATES, "video %s: %lld failures in one generation", video->id,
		       (long long)count);
}

static void check_queued(const struct video *video)
{
	char key[VM_KEY_MAX];

	key_source(video->id, key);
	if (object_find(key) == NULL)
		broken(TERMINATES, "video %s is queued, and nothing was uploaded", video->id);
}

/* The dead letter that was owed lies in its queue, unless somebody had it moved. */
static void check_letter(const struct video *video)
{
	if (!know(video->id)->redriven && !queue_has_letter(video->id))
		broken(DURABLE, "video %s: its dead letter counts as paid and is not there", video->id);
}

static void check_reason(const struct video *video)
{
	char key[VM_KEY_MAX];

	if (video->error == ERROR_NONE || video->reason[0] == '\0')
		broken(TERMINATES, "video %s failed without a reason", video->id);
	if (strcmp(video->reason, "forged") == 0)
		broken(FENCED, "video %s believes a forged event", video->id);
	key_source(video->id, key);
	if (video->error == ERROR_SOURCE_MISSING && object_find(key) != NULL)
		broken(VISIBLE_MEANS_COMPLETE, "the source of video %s has changed", video->id);
}

static bool is_final(const struct video *video)
{
	return video->finished_ms != 0;
}

static void count_waiting(const struct video *before, const struct video *after)
{
	struct known *video = know(after->id);

	if (is_final(before) && !is_final(after))
		video->waits_ms = world.now_ms;
	if (is_final(before) || !is_final(after) || video->waits_ms == 0)
		return;
	tally_add(TALLY_WAITING_SECONDS, (uint64_t)(world.now_ms - video->waits_ms) / 1000);
	video->waits_ms = 0;
}

void check_write(const struct video *before, const struct video *after)
{
	if (before == NULL)
		return;
	if (after->epoch < before->epoch || after->generation < before->generation)
		broken(FENCED, "video %s: an epoch or generation went back", after->id);
	if (before->state == VIDEO_PROCESSED && after->state != VIDEO_PROCESSED &&
	    after->generation == before->generation)
		broken(ONE_VISIBLE_EFFECT, "video %s was processed and is %s", after->id,
		       video_state_name(after->state));
	if (strcmp(before->result.manifest_key, after->result.manifest_key) != 0)
		check_result(before, after);
	else if (before->state != VIDEO_PROCESSED && after->state == VIDEO_PROCESSED)
		broken(VISIBLE_MEANS_COMPLETE, "video %s is processed without a new result", after->id);
	else if (after->result.manifest_key[0] != '\0' && !after->remove_asked)
		check_still_complete(after);
	check_attempts(after);
	check_attempt(before, after);
	check_notification(before, after);
	count_waiting(before, after);
	if (before->state != VIDEO_QUEUED && after->state == VIDEO_QUEUED)
		check_queued(after);
	if (before->dead_letter_owed && !after->dead_letter_owed && after->state == VIDEO_FAILED &&
	    !after->remove_asked)
		check_letter(after);
	if (after->state == VIDEO_FAILED)
		check_reason(after);
}

void check_removal(const struct video *video)
{
	char prefix[VM_KEY_MAX];

	if (!know(video->id)->may_remove)
		broken(DURABLE, "video %s was removed and nobody asked", video->id);
	key_processed(video->id, prefix);
	for (const struct object *object = objects; object != NULL; object = object->next)
		if (strncmp(object->key, prefix, strlen(prefix)) == 0)
			broken(LEAVES_NOTHING_BEHIND, "video %s was removed and %s is left", video->id,
			       object->key);
}

/* A source may go when its video is done with it, its upload ran out, or it is to be removed. */
void check_object_removal(const char *key)
{
	struct video video;
	char id[VIDEO_ID_MAX];

	if (!key_read_source(key, id) || !document_find(id, &video) || video.remove_asked ||
	    video.state == VIDEO_EXPIRED)
		return;
	if (sim.pipeline.policy.keep_source || video.result.manifest_key[0] == '\0')
		broken(DURABLE, "video %s is %s, and its source is removed", id,
		       video_state_name(video.state));
}
