/* attempts.c - attempts over fakes, from their beginning to what must be true at their end. */
#include "attempts.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "run.h"
#include "support/hash.h"

struct parts parts;
struct vm_error error;

void attempt_begin(const char *stage, size_t bytes)
{
	parts_init(&parts, stage);
	parts_fill(&parts, bytes);
}

void attempt_end(void)
{
	/* No child is left behind, and no upload. */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_uint_eq(fake_store_open_uploads(parts.store), 0);
	parts_finish(&parts);
}

/* The whole of an attempt that is to fail. */
static const struct event *run_failing(const char *stage, size_t bytes)
{
	const struct event *last;
	enum work_end ended;

	attempt_begin(stage, bytes);
	ended = parts_run(&parts, &error);
	last = fake_queue_last(parts.events);
	ck_assert_ptr_nonnull(last);
	ck_assert_msg(ended == WORK_FAILED, "%s: ended with %d: %s", stage, (int)ended, last->reason);
	ck_assert_int_eq(last->type, EVENT_FAILED);
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	ck_assert_uint_eq(parts.tasks->removed, 0);
	return last;
}

bool attempt_has_manifest(void)
{
	for (size_t i = 0; i < parts.store->n_objects; i++)
		if (strstr(parts.store->objects[i].key, "manifest.json") != NULL)
			return true;
	return false;
}

void attempt_check_failed(const char *stage, enum error_class class, bool transient,
                          const char *reason)
{
	const struct event *failed = run_failing(stage, 300000);

	ck_assert_msg(failed->error == class && failed->transient == transient &&
	                  strstr(failed->reason, reason) != NULL,
	              "%s: %s, %d: %s", stage, error_class_name(failed->error), failed->transient,
	              failed->reason);
	ck_assert(!attempt_has_manifest());
	attempt_end();
}

/* What is visible is complete: every listed object is there with its length and hash. */
void attempt_check_manifest(const struct video_result *result, struct manifest *manifest)
{
	const struct fake_object *object = fake_store_find(parts.store, result->manifest_key);
	char hash[HASH_TEXT_MAX], key[VM_KEY_MAX];
	uint64_t bytes = 0;

	ck_assert_ptr_nonnull(object);
	hash_bytes(object->bytes, object->about.bytes, hash, NULL);
	ck_assert_str_eq(result->manifest_sha256, hash);
	ck_assert_int_eq(manifest_read(object->bytes, object->about.bytes, manifest, NULL), VM_OK);
	ck_assert_uint_eq(result->outputs, manifest->n_outputs);
	for (size_t i = 0; i < manifest->n_outputs; i++) {
		const struct manifest_output *output = &manifest->outputs[i];

		snprintf(key, sizeof key, "%.*s%s",
		         (int)(strlen(result->manifest_key) - strlen("manifest.json")),
		         result->manifest_key, output->name);
		object = fake_store_find(parts.store, key);
		ck_assert_msg(object != NULL, "%s is not there", key);
		ck_assert_uint_eq(object->about.bytes, output->bytes);
		hash_bytes(object->bytes, object->about.bytes, hash, NULL);
		ck_assert_str_eq(output->sha256, hash);
		bytes += output->bytes;
	}
	ck_assert_uint_eq(result->bytes, bytes);
}

static void *run_attempt(void *ctx)
{
	*(enum work_end *)ctx = parts_run(&parts, &error);
	return NULL;
}

/* Runs until `progress` shows that the codec is in its middle, then is stopped. */
enum work_end attempt_run_and_stop(void)
{
	enum work_end ended = WORK_SUCCEEDED;
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, run_attempt, &ended), 0);
	ck_assert_ptr_nonnull(fake_queue_wait(parts.events, EVENT_PROGRESS));
	cancel_trigger(parts.stop);
	pthread_join(thread, NULL);
	return ended;
}
