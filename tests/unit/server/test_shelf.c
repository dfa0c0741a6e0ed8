/* test_shelf.c - manifests are fetched once, and never one for another. */
#include "server/shelf.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "plugin/storage.h"
#include "run.h"
#include "support/hash.h"

static struct fake fake;
static struct shelf *shelf;
static struct instance *storage;

static void start(void)
{
	struct vm_error err;

	fake_start(&fake, &(struct fake_options){0});
	storage = fake.server.places.storage_processed;
	ck_assert_int_eq(shelf_create(&shelf, &err), VM_OK);
}

static void stop(void)
{
	shelf_destroy(shelf);
	fake_stop(&fake);
}

/* A manifest of so many outputs under its own key. */
static void publish(unsigned number, unsigned outputs, struct video_result *out)
{
	struct manifest manifest = {.generation = number};
	struct manifest_output output = {.bytes = number};
	struct vm_put put = {.key = out->manifest_key};
	struct vm_error err;
	char *text;

	memset(output.sha256, 'a', VIDEO_HASH_MAX - 1);
	for (unsigned i = 0; i < outputs; i++) {
		snprintf(output.name, sizeof output.name, "web/%06u", i);
		ck_assert_int_eq(manifest_add(&manifest, &output, &err), VM_OK);
	}
	text = manifest_write(&manifest);
	snprintf(out->manifest_key, sizeof out->manifest_key, "processed/%u/manifest.json", number);
	ck_assert_int_eq(hash_bytes(text, strlen(text), out->manifest_sha256, &err), VM_OK);
	ck_assert_int_eq(storage_put(storage, &put, text, strlen(text), NULL, NULL, &err), VM_OK);
	free(text);
	manifest_finish(&manifest);
}

static void unpublish(const struct video_result *result)
{
	struct vm_error err;

	ck_assert_int_eq(storage_remove(storage, result->manifest_key, NULL, &err), VM_OK);
}

static int take(const struct video_result *result, const struct manifest **out)
{
	struct vm_error err;

	return shelf_take(shelf, storage, result, out, NULL, &err);
}

START_TEST(one_is_fetched_once)
{
	const struct manifest *first, *second;
	struct video_result result;

	publish(1, 3, &result);
	ck_assert_int_eq(take(&result, &first), VM_OK);
	ck_assert_uint_eq(first->n_outputs, 3);
	unpublish(&result);
	ck_assert_int_eq(take(&result, &second), VM_OK);
	ck_assert_ptr_eq(first, second);
	shelf_give(shelf, first);
	shelf_give(shelf, second);
	shelf_give(shelf, NULL);
}
END_TEST

START_TEST(another_hash_is_another_manifest)
{
	const struct manifest *manifest;
	struct video_result result;

	publish(1, 3, &result);
	ck_assert_int_eq(take(&result, &manifest), VM_OK);
	shelf_give(shelf, manifest);
	memset(result.manifest_sha256, 'b', VIDEO_HASH_MAX - 1);
	ck_assert_int_eq(take(&result, &manifest), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(what_cannot_be_fetched_is_not_kept)
{
	const struct manifest *manifest;
	struct video_result result;

	publish(1, 3, &result);
	fake_fail("read_at", VM_ERR_DENIED, "it says no");
	ck_assert_int_eq(take(&result, &manifest), VM_ERR_DENIED);
	fake_mend();
	ck_assert_int_eq(take(&result, &manifest), VM_OK);
	shelf_give(shelf, manifest);
}
END_TEST

START_TEST(the_oldest_makes_room_and_lives_while_it_is_used)
{
	const struct manifest *used, *manifest;
	struct video_result results[10];

	publish(1, 5, &results[0]);
	ck_assert_int_eq(take(&results[0], &used), VM_OK);
	for (unsigned i = 1; i < 10; i++) {
		publish(i + 1, 1, &results[i]);
		ck_assert_int_eq(take(&results[i], &manifest), VM_OK);
		ck_assert_uint_eq(manifest->generation, i + 1);
		shelf_give(shelf, manifest);
	}
	ck_assert_uint_eq(used->n_outputs, 5);
	ck_assert_str_eq(used->outputs[4].name, "web/000004");
	shelf_give(shelf, used);
	unpublish(&results[0]);
	unpublish(&results[9]);
	ck_assert_int_eq(take(&results[0], &manifest), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(take(&results[9], &manifest), VM_OK);
	shelf_give(shelf, manifest);
}
END_TEST

START_TEST(a_very_large_one_is_not_kept)
{
	const struct manifest *manifest;
	struct video_result result;

	publish(1, 8193, &result);
	ck_assert_int_eq(take(&result, &manifest), VM_OK);
	ck_assert_uint_eq(manifest->n_outputs, 8193);
	shelf_give(shelf, manifest);
	unpublish(&result);
	ck_assert_int_eq(take(&result, &manifest), VM_ERR_NOT_FOUND);
}
END_TEST

static struct video_result shared[12];

static void *take_many(void *ctx)
{
	for (unsigned i = 0; i < 600; i++) {
		const struct manifest *manifest;
		unsigned at = (i * 7 + *(unsigned *)ctx) % 12;

		if (take(&shared[at], &manifest) != VM_OK || manifest->generation != at + 1)
			return ctx;
		shelf_give(shelf, manifest);
	}
	return NULL;
}

START_TEST(many_at_once_get_what_they_ask_for)
{
	unsigned numbers[4] = {0, 1, 2, 3};
	pthread_t threads[4];

	for (unsigned i = 0; i < 12; i++)
		publish(i + 1, i + 1, &shared[i]);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, take_many, &numbers[i]), 0);
	for (int i = 0; i < 4; i++) {
		void *failed;

		pthread_join(threads[i], &failed);
		ck_assert_ptr_null(failed);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("shelf");

	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, one_is_fetched_once);
	tcase_add_test(tests, another_hash_is_another_manifest);
	tcase_add_test(tests, what_cannot_be_fetched_is_not_kept);
	tcase_add_test(tests, the_oldest_makes_room_and_lives_while_it_is_used);
	tcase_add_test(tests, a_very_large_one_is_not_kept);
	tcase_add_test(tests, many_at_once_get_what_they_ask_for);
	return run_tests(tests, "shelf");
}
