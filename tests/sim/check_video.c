/* check_video.c - the promises, checked by a program that shares nothing with the server. */
#include "check_video.h"

#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "sim.h"
#include "support/hash.h"
#include "video/keys.h"
#include "world.h"

#define KNOWN_MAX 64

struct known {
	char id[VIDEO_ID_MAX];
	bool promised, uploaded, may_remove, redriven;
	uint64_t published; /* the newest generation whose result was shown */
};

static struct known known[KNOWN_MAX];
static size_t n_known;

void check_reset(void)
{
	memset(known, 0, sizeof known);
	n_known = 0;
}

static struct known *know(const char *id)
{
	for (size_t i = 0; i < n_known; i++)
		if (strcmp(known[i].id, id) == 0)
			return &known[i];
	if (n_known == KNOWN_MAX)
		abort();
	snprintf(known[n_known].id, sizeof known[n_known].id, "%s", id);
	return &known[n_known++];
}

void check_promised(const char *id)
{
	struct video video;

	know(id)->promised = true;
	if (!document_find(id, &video))
		world_violated("durable", "video %s was promised and is not stored", id);
}

void check_uploaded(const char *id)
{
	know(id)->uploaded = true;
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
		world_violated("visible means complete", "video %s shows %s, which is no manifest",
		               video->id, video->result.manifest_key);
	key_attempt(video->id, manifest->generation, manifest->epoch, manifest->nonce, prefix);
	for (size_t i = 0; i < manifest->n_outputs; i++) {
		char key[VM_KEY_MAX + sizeof manifest->outputs->name], sha256[HASH_TEXT_MAX];
		const struct object *output;

		snprintf(key, sizeof key, "%s%s", prefix, manifest->outputs[i].name);
		output = object_find(key);
		if (output == NULL || output->length != manifest->outputs[i].bytes ||
		    hash_bytes(output->bytes, output->length, sha256, NULL) != VM_OK ||
		    strcmp(sha256, manifest->outputs[i].sha256) != 0)
			world_violated("visible means complete", "video %s lists %s, which is not as listed",
			               video->id, key);
	}
}

static void check_still_complete(const struct video *video)
{
	struct manifest manifest;

	check_complete(video, &manifest);
	manifest_finish(&manifest);
}

/* One visible effect for each generation, of the attempt that had the right. */
static void check_result(const struct video *before, const struct video *after)
{
	struct known *video = know(after->id);
	struct manifest manifest;

	check_complete(after, &manifest);
	if (strcmp(manifest.video, after->id) != 0)
		world_violated("fenced", "video %s shows what was made of another one", after->id);
	if (video->published >= after->generation)
		world_violated("one visible effect", "video %s, generation %llu is shown twice", after->id,
		               (unsigned long long)after->generation);
	if (manifest.generation != before->generation || manifest.epoch != before->epoch)
		world_violated("fenced", "video %s shows epoch %llu when epoch %llu had the right",
		               after->id, (unsigned long long)manifest.epoch,
		               (unsigned long long)before->epoch);
	if (before->attempt.nonce[0] != '\0' && strcmp(manifest.nonce, before->attempt.nonce) != 0)
		world_violated("fenced", "video %s: %s claimed the epoch and %s is shown", after->id,
		               before->attempt.nonce, manifest.nonce);
	video->published = after->generation;
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
		world_violated("terminates", "video %s: %lld failures in one generation", video->id,
		               (long long)count);
}

void check_write(const struct video *before, const struct video *after)
{
	if (before == NULL)
		return;
	if (after->epoch < before->epoch || after->generation < before->generation)
		world_violated("fenced", "video %s: an epoch or generation went back", after->id);
	if (before->state == VIDEO_PROCESSED && after->state != VIDEO_PROCESSED &&
	    after->generation == before->generation)
		world_violated("one visible effect", "video %s was processed and is %s", after->id,
		               video_state_name(after->state));
	if (strcmp(before->result.manifest_key, after->result.manifest_key) != 0)
		check_result(before, after);
	else if (before->state != VIDEO_PROCESSED && after->state == VIDEO_PROCESSED)
		world_violated("visible means complete", "video %s is processed without a new result",
		               after->id);
	else if (after->result.manifest_key[0] != '\0' && !after->remove_asked)
		check_still_complete(after);
	check_attempts(after);
	if (strcmp(after->reason, "forged") == 0)
		world_violated("fenced", "video %s believes a forged event", after->id);
	if (after->state == VIDEO_FAILED && (after->error == ERROR_NONE || after->reason[0] == '\0'))
		world_violated("terminates", "video %s failed without a reason", after->id);
}

void check_removal(const struct video *video)
{
	char prefix[VM_KEY_MAX];

	if (!know(video->id)->may_remove)
		world_violated("durable", "video %s was removed and nobody asked", video->id);
	key_processed(video->id, prefix);
	for (const struct object *object = objects; object != NULL; object = object->next)
		if (strncmp(object->key, prefix, strlen(prefix)) == 0)
			world_violated("contained", "video %s was removed and %s is left", video->id,
			               object->key);
}

static bool is_final(enum video_state state)
{
	return state == VIDEO_PROCESSED || state == VIDEO_FAILED || state == VIDEO_EXPIRED ||
	       state == VIDEO_CANCELED;
}

static bool all_settled;

static void look(const struct video *video)
{
	/* The last look for left-overs comes a day later. */
	if (!is_final(video->state) || video->dead_letter_owed ||
	    (video->clean_ms != 0 && video->clean_ms < world.now_ms + 12 * 3600 * 1000) ||
	    (video->outbox_event[0] != '\0' && video->outbox_sent_ms == 0))
		all_settled = false;
}

bool check_is_settled(void)
{
	all_settled = queue_messages(&sim_queue_unprocessed) == 0 &&
	              queue_messages(&sim_queue_processed) == 0;
	documents_each(look);
	return all_settled;
}

static void check_final(const struct video *video)
{
	const struct known *promised = know(video->id);

	if (video->result.manifest_key[0] != '\0' && !video->remove_asked)
		check_still_complete(video);
	if (!is_final(video->state))
		world_violated("terminates", "video %s ends %s", video->id, video_state_name(video->state));
	if (promised->uploaded && video->state == VIDEO_EXPIRED)
		world_violated("terminates", "video %s was uploaded and expired", video->id);
	if (video->dead_letter_owed)
		world_violated("terminates", "video %s still owes its dead letter", video->id);
	if (video->outbox_event[0] != '\0' && video->outbox_sent_ms == 0)
		world_violated("notifications", "video %s: the outcome was never told", video->id);
	if (video->clean_ms != 0 && video->clean_ms < world.now_ms)
		world_violated("contained", "video %s is never cleaned", video->id);
}

static void check_left_over(void)
{
	for (const struct object *object = objects; object != NULL; object = object->next) {
		char id[VIDEO_ID_MAX] = "";
		struct video video;

		if (key_read_source(object->key, id))
			continue;
		snprintf(id, sizeof id, "%.32s", object->key + strlen("processed/"));
		if (!document_find(id, &video) ||
		    strncmp(object->key, video.result.manifest_key,
		            strlen(video.result.manifest_key) - strlen("manifest.json")) != 0)
			world_violated("contained", "%s is left over", object->key);
	}
}

void check_end(void)
{
	documents_each(check_final);
	for (size_t i = 0; i < n_known; i++) {
		struct video video;

		if (known[i].promised && !known[i].may_remove && !document_find(known[i].id, &video))
			world_violated("durable", "video %s is gone", known[i].id);
	}
	if (queue_messages(&sim_queue_unprocessed) != 0)
		world_violated("terminates", "%llu task messages are left",
		               (unsigned long long)queue_messages(&sim_queue_unprocessed));
	check_left_over();
}
