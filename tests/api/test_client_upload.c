/* test_client_upload.c - `vidmill upload`, to this server and to a store of another party. */
#include "run.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "plugin/storage.h"
#include "server/documents.h"
#include "server/feed.h"
#include "store.h"
#include "support/cancel.h"
#include "support/clock.h"
#include "video/keys.h"
#include "world.h"

/* More than two parts of the server, and no multiple of one. */
#define BYTES ((20u << 20) + 12345)
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct fake fake;
static struct store *store;
static char path[] = "/tmp/vidmill-upload-XXXXXX";
static char *bytes;

static void write_file(size_t length)
{
	FILE *file = fopen(path, "w");

	ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
	fclose(file);
}

static void start(void)
{
	int fd = mkstemp(path);

	close(fd);
	bytes = malloc(BYTES);
	for (unsigned i = 0; i < BYTES; i++)
		bytes[i] = (char)(i * 2654435761u >> 24);
	write_file(BYTES);
	fake_start(&fake, &(struct fake_options){0});
}

static void stop(void)
{
	fake_stop(&fake);
	unlink(path);
	free(bytes);
}

static enum vm_more copy_video(void *ctx, const struct video *video)
{
	*(struct video *)ctx = *video;
	return VM_STOP;
}

/* The newest video, when it is in this state. */
static struct video wait_for(enum video_state state)
{
	int64_t until_ms = clock_monotonic_ms() + 60000;
	struct video video = {0};

	while (video.state != state && clock_monotonic_ms() < until_ms) {
		ck_assert_int_eq(
		    videos_list(&fake.server, &(struct video_list){0}, copy_video, &video, NULL, NULL),
		    VM_OK);
		cancel_sleep_ms(NULL, 2);
	}
	ck_assert_int_eq(video.state, state);
	return video;
}

/* As the last event of a worker would. */
static void end_video(const char *id, enum video_state state)
{
	struct vm_error err = {0};
	struct video video;

	/* another step may have come between */
	do {
		ck_assert_int_eq(videos_get(&fake.server, id, NULL, &video, NULL, NULL), VM_OK);
		video.state = state;
		if (state == VIDEO_FAILED) {
			video.error = ERROR_BAD_MEDIA;
			snprintf(video.reason, sizeof video.reason, "no video stream");
		}
	} while (document_store(fake.server.places.meta, &video, NULL, &err) == VM_ERR_CONFLICT);
	feed_tell(fake.server.feed, &video);
}

static void expect_source(const char *id)
{
	char *found = malloc(BYTES + 1);
	char key[VM_KEY_MAX];
	size_t got;

	ck_assert_int_eq(storage_read_at(fake.server.places.storage_unprocessed, key_source(id, key),
	                                 NULL, 0, found, BYTES + 1, &got, NULL, NULL),
	                 VM_OK);
	ck_assert_uint_eq(got, BYTES);
	ck_assert_int_eq(memcmp(found, bytes, BYTES), 0);
	free(found);
}

START_TEST(a_file_becomes_a_video_with_its_name)
{
	struct command_run run;
	struct video video;

	command_start(&run, fake.address, NULL,
	              WORDS("upload", path, "--no-wait", "--type", "video/x"));
	command_finish(&run);
	ck_assert_msg(run.code == 0, "%s", run.err);
	video = wait_for(VIDEO_QUEUED);
	ck_assert_int_eq(strncmp(run.out, video.id, strlen(video.id)), 0);
	ck_assert_str_eq(video.name, strrchr(path, '/') + 1);
	ck_assert_str_eq(video.upload.content_type, "video/x");
	ck_assert_uint_eq(video.upload.bytes, BYTES);
	expect_source(video.id);
	command_free(&run);
}
END_TEST

START_TEST(it_waits_until_the_video_is_there)
{
	struct command_run run;
	struct video video, made;

	fake_process(&fake, "", &made);
	command_start(&run, fake.address, NULL, WORDS("upload", path, "--name", "my clip"));
	video = wait_for(VIDEO_QUEUED);
	ck_assert_str_eq(video.name, "my clip");
	/* what was made of another one will do */
	ck_assert_int_eq(videos_get(&fake.server, video.id, NULL, &video, NULL, NULL), VM_OK);
	video.result = made.result;
	while (document_store(fake.server.places.meta, &video, NULL, NULL) == VM_ERR_CONFLICT)
		ck_assert_int_eq(videos_get(&fake.server, video.id, NULL, &video, NULL, NULL), VM_OK);
	end_video(video.id, VIDEO_PROCESSED);
	command_finish(&run);
	ck_assert_msg(run.code == 0, "%s", run.err);
	ck_assert_ptr_nonnull(strstr(run.out, "/outputs/web/master.m3u8"));
	ck_assert_ptr_null(strchr(run.err, '\033'));
	command_free(&run);
}
END_TEST

START_TEST(a_video_that_fails_is_told_with_its_reason)
{
	struct command_run run;
	struct video video;

	command_start(&run, fake.address, NULL, WORDS("upload", path));
	video = wait_for(VIDEO_QUEUED);
	end_video(video.id, VIDEO_FAILED);
	command_finish(&run);
	ck_assert_int_eq(run.code, 1);
	ck_assert_ptr_nonnull(strstr(run.err, ": failed: bad_media: no video stream\n"));
	ck_assert_str_eq(run.out, "");
	command_free(&run);
}
END_TEST

START_TEST(what_cannot_be_sent_is_said_before_anything_is_asked)
{
	static const struct {
		const char *file, *text;
	} cases[] = {{path, "is empty"}, {"/tmp", "Is a directory"}, {"/nowhere/a", "No such file"}};
	struct command_run run;

	write_file(0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		command_start(&run, fake.address, NULL, WORDS("upload", cases[i].file));
		command_finish(&run);
		ck_assert_int_eq(run.code, 1);
		ck_assert_msg(strstr(run.err, cases[i].text) != NULL, "%s", run.err);
		command_free(&run);
	}
	ck_assert_uint_eq(fake.server.counters.videos_created, 0);
}
END_TEST

START_TEST(a_file_that_is_too_long_is_refused_by_the_server)
{
	struct command_run run;

	fake_stop(&fake);
	fake_start(&fake, &(struct fake_options){.bytes_most = 1000});
	command_start(&run, fake.address, NULL, WORDS("upload", path));
	command_finish(&run);
	ck_assert_int_eq(run.code, 1);
	ck_assert_ptr_nonnull(strstr(run.err, "at most 1000 bytes"));
	command_free(&run);
}
END_TEST

/* Until a request was answered with a 5xx. */
static void wait_for_refusal(void)
{
	int64_t until_ms = clock_monotonic_ms() + 60000;
	bool refused = false;

	while (!refused && clock_monotonic_ms() < until_ms) {
		pthread_mutex_lock(&fake.http->lock);
		refused = fake.http->answered[5] > 0;
		pthread_mutex_unlock(&fake.http->lock);
		cancel_sleep_ms(NULL, 2);
	}
	ck_assert(refused);
}

START_TEST(what_a_server_refuses_for_now_is_sent_again)
{
	struct command_run run;
	struct video video;

	fake_fail("upload_part", VM_ERR_NO_MEMORY, "no space left");
	command_start(&run, fake.address, NULL, WORDS("upload", path, "--no-wait"));
	wait_for_refusal();
	fake_mend();
	command_finish(&run);
	ck_assert_msg(run.code == 0, "%s", run.err);
	video = wait_for(VIDEO_QUEUED);
	expect_source(video.id);
	command_free(&run);
}
END_TEST

/* The store is another party: what it has got is put where the server looks for it. */
static void start_presigned(unsigned refusals)
{
	fake_stop(&fake);
	store = store_create(refusals);
	fake_store_url = store_url(store);
	fake_start(&fake, &(struct fake_options){
	                      .presigns = true,
	                      .tokens = "ann:8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e"
	                                "8f2223f8"});
}

static void fill_storage(void)
{
	struct vm_put put = {0};
	char key[VM_KEY_MAX];
	struct video video = wait_for(VIDEO_AWAITING_UPLOAD);

	put.key = key_source(video.id, key);
	ck_assert_int_eq(
	    storage_put(fake.server.places.storage_unprocessed, &put, bytes, BYTES, NULL, NULL, NULL),
	    VM_OK);
}

START_TEST(presigned_parts_go_to_the_store_and_are_completed)
{
	struct command_run run;
	const char *found;
	size_t length;

	start_presigned(3);
	command_start(&run, fake.address, "alpha", WORDS("upload", path, "--no-wait"));
	fill_storage();
	command_finish(&run);
	ck_assert_msg(run.code == 0, "%s", run.err);
	wait_for(VIDEO_QUEUED);
	found = store_bytes(store, &length);
	ck_assert_uint_eq(length, BYTES);
	ck_assert_int_eq(memcmp(found, bytes, BYTES), 0);
	ck_assert_uint_eq(store_requests(store), 5);
	ck_assert_uint_eq(store_tokens_seen(store), 0);
	command_free(&run);
	store_destroy(store);
}
END_TEST

START_TEST(a_store_that_goes_on_refusing_is_given_up)
{
	struct command_run run;

	start_presigned(1000);
	command_start(&run, fake.address, "alpha", WORDS("upload", path, "--no-wait"));
	command_finish(&run);
	ck_assert_int_eq(run.code, 1);
	ck_assert_ptr_nonnull(strstr(run.err, "status 503"));
	ck_assert_ptr_null(strstr(run.err, store_url(store)));
	command_free(&run);
	store_destroy(store);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("client_upload");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, a_file_becomes_a_video_with_its_name);
	tcase_add_test(tests, it_waits_until_the_video_is_there);
	tcase_add_test(tests, a_video_that_fails_is_told_with_its_reason);
	tcase_add_test(tests, what_cannot_be_sent_is_said_before_anything_is_asked);
	tcase_add_test(tests, a_file_that_is_too_long_is_refused_by_the_server);
	tcase_add_test(tests, what_a_server_refuses_for_now_is_sent_again);
	tcase_add_test(tests, presigned_parts_go_to_the_store_and_are_completed);
	tcase_add_test(tests, a_store_that_goes_on_refusing_is_given_up);
	return run_tests(tests, "client_upload");
}
