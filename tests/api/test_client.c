/* test_client.c - the commands of a client against a server in this process. */
#include "run.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "server/documents.h"
#include "server/feed.h"
#include "support/cancel.h"
#include "support/clock.h"
#include "world.h"

static struct world world;

static void start(void)
{
	world_create(&world);
}

static void stop(void)
{
	world_destroy(&world);
}

static const char *id_of(const char *name)
{
	static char text[UPLOAD_URL_MAX];

	world_fill(&world, name, text, sizeof text);
	return text;
}

/* Runs it to its end, with the owner's token. */
static struct command_run run(const char *const *words)
{
	struct command_run run;

	command_start(&run, world.fake.address, "alpha", words);
	command_finish(&run);
	return run;
}

static struct command_run expect(int code, const char *const *words)
{
	struct command_run done = run(words);

	ck_assert_msg(done.code == code, "%s: %d: %s%s", words[0], done.code, done.out, done.err);
	return done;
}

static void expect_text(int code, const char *const *words, const char *text)
{
	struct command_run done = expect(code, words);

	ck_assert_msg(strstr(done.out, text) != NULL || strstr(done.err, text) != NULL,
	              "no \"%s\" in: %s%s", text, done.out, done.err);
	command_free(&done);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

START_TEST(list_is_a_table_or_json)
{
	struct command_run table = expect(0, WORDS("list"));
	struct command_run json = expect(0, WORDS("list", "--json"));
	json_t *object = json_loads(json.out, 0, NULL);

	ck_assert_uint_eq(lines_of(table.out), 7);
	ck_assert_int_eq(strncmp(table.out, "ID ", 3), 0);
	ck_assert_ptr_nonnull(strstr(table.out, id_of("{processed}")));
	ck_assert_uint_eq(json_array_size(json_object_get(object, "videos")), 6);
	json_decref(object);
	command_free(&table);
	command_free(&json);
	table = expect(0, WORDS("list", "--only", "failed"));
	ck_assert_uint_eq(lines_of(table.out), 2);
	command_free(&table);
	table = expect(0, WORDS("list", "--limit", "2"));
	ck_assert_uint_eq(lines_of(table.out), 3);
	command_free(&table);
	expect_text(1, WORDS("list", "--only", "sleeping"), "awaiting_upload, queued");
	expect_text(2, WORDS("list", "--only", "a&b"), "no state");
	expect_text(2, WORDS("list", "--limit", "none"), "--limit");
}
END_TEST

START_TEST(a_list_may_be_longer_than_a_page)
{
	struct command_run table;
	struct video video;

	for (int i = 0; i < 500; i++)
		fake_create(&world.fake, "ann", &video);
	table = expect(0, WORDS("list", "--limit", "505"));
	ck_assert_uint_eq(lines_of(table.out), 506);
	command_free(&table);
}
END_TEST

START_TEST(show_tells_all_of_one)
{
	struct command_run json = expect(0, WORDS("show", id_of("{processed}"), "--json"));
	json_t *video = json_loads(json.out, 0, NULL);

	ck_assert_str_eq(json_string_value(json_object_get(video, "state")), "processed");
	ck_assert_uint_eq(json_array_size(json_object_get(video, "outputs")), 2);
	json_decref(video);
	command_free(&json);
	expect_text(0, WORDS("show", id_of("{processed}")), "/outputs/web/master.m3u8");
	expect_text(0, WORDS("show", id_of("{processed}")), "in 1 segments");
	expect_text(0, WORDS("show", id_of("{failed}")),
	            "failed after 1.0 s, bad_media: no video stream");
	expect_text(5, WORDS("show", id_of("{unknown}")), "there is no video");
	expect_text(5, WORDS("show", "../metrics"), "there is no video");
	expect_text(2, WORDS("show"), "usage");
}
END_TEST

START_TEST(no_terminal_obeys_a_name)
{
	struct video_create want = {.name = "\033[2Jgone", .owner = "ann"};
	struct command_run table;
	struct video video;

	ck_assert_int_eq(videos_create(&world.fake.server, &want, &video, NULL, NULL), VM_OK);
	table = expect(0, WORDS("list"));
	ck_assert_ptr_null(strchr(table.out, '\033'));
	ck_assert_ptr_nonnull(strstr(table.out, "\\x1b[2Jgone"));
	command_free(&table);
}
END_TEST

START_TEST(retry_and_cancel_say_what_came_of_it)
{
	expect_text(0, WORDS("retry", id_of("{failed}")), " is queued");
	expect_text(1, WORDS("retry", id_of("{failed}")), "cannot be retried: it is queued");
	expect_text(0, WORDS("cancel", id_of("{failed}"), "--json"), "\"canceled\"");
	expect_text(1, WORDS("cancel", id_of("{processed}")), "it is processed");
	expect_text(5, WORDS("cancel", id_of("{unknown}")), "there is no video");
}
END_TEST

START_TEST(dead_letters_can_be_handled)
{
	expect_text(0, WORDS("dead-letters"), "received too often");
	expect_text(0, WORDS("dead-letters", "list", "--json"), "{\"dead_letters\":[{");
	expect_text(0, WORDS("dead-letters", "redrive", id_of("{letter}")), "1 moved");
	expect_text(5, WORDS("dead-letters", "redrive", id_of("{letter}")), "no dead letter");
	expect_text(0, WORDS("dead-letters", "remove", id_of("{late_letter}")), "");
	expect_text(5, WORDS("dead-letters", "remove", "a b/c"), "no");
	expect_text(0, WORDS("dead-letters", "redrive", "--json"), "{\"moved\":0}");
	expect_text(2, WORDS("dead-letters", "burn"), "redrive [ID]");
	expect_text(2, WORDS("dead-letters", "remove"), "remove ID");
}
END_TEST

START_TEST(who_asks_is_told_by_environment_or_file)
{
	struct command_run done;
	char path[128];
	FILE *file;

	command_start(&done, world.fake.address, NULL, WORDS("list"));
	command_finish(&done);
	ck_assert_int_eq(done.code, 1);
	ck_assert_ptr_nonnull(strstr(done.err, "send a token"));
	command_free(&done);

	snprintf(path, sizeof path, "%s/token", world.fake.state_dir);
	file = fopen(path, "w");
	fputs("alpha\n", file);
	fclose(file);
	command_start(&done, NULL, NULL,
	              WORDS("list", "--server", world.fake.address, "--token-file", path));
	command_finish(&done);
	unlink(path);
	ck_assert_msg(done.code == 0, "%s", done.err);
	command_free(&done);
	expect_text(2, WORDS("list", "--token-file", path), "No such file");
	expect_text(2, WORDS("list", "--server", "nowhere"), "is no URL");
}
END_TEST

START_TEST(without_a_server_one_sentence_says_so)
{
	struct command_run done;

	command_start(&done, "http://127.0.0.1:1", NULL, WORDS("list"));
	command_finish(&done);
	ck_assert_int_eq(done.code, 4);
	ck_assert_str_eq(done.err, "vidmill list: no vidmill answers at http://127.0.0.1:1: start one "
	                           "with `vidmill serve`\n");
	command_free(&done);
}
END_TEST

/* As a worker's event would: stored, then told to those who watch. */
static void change(const char *id, enum video_state state)
{
	struct server *server = &world.fake.server;
	struct video video;

	ck_assert_int_eq(videos_get(server, id, NULL, &video, NULL, NULL), VM_OK);
	video.state = state;
	ck_assert_int_eq(document_store(server->places.meta, &video, NULL, NULL), VM_OK);
	feed_tell(server->feed, &video);
}

static void wait_until(const char *text, const struct command_run *run)
{
	int64_t until_ms = clock_monotonic_ms() + 60000;
	char seen[8192] = "";

	while (strstr(seen, text) == NULL && clock_monotonic_ms() < until_ms) {
		ssize_t got = pread(run->out_fd, seen, sizeof seen - 1, 0);

		seen[got > 0 ? got : 0] = '\0';
		cancel_sleep_ms(NULL, 5);
	}
	ck_assert_msg(strstr(seen, text) != NULL, "no \"%s\" in: %s", text, seen);
}

START_TEST(watch_ends_when_the_video_does)
{
	const char *id = id_of("{queued}");
	struct command_run done;

	command_start(&done, world.fake.address, "alpha", WORDS("watch", id, "--json"));
	wait_until("\"queued\"", &done);
	change(id, VIDEO_PROCESSING);
	wait_until("\"processing\"", &done);
	change(id, VIDEO_FAILED);
	command_finish(&done);
	ck_assert_int_eq(done.code, 1);
	ck_assert_ptr_nonnull(strstr(done.err, ": failed"));
	ck_assert_uint_eq(lines_of(done.out), 3);
	command_free(&done);
	expect_text(0, WORDS("watch", id_of("{processed}")), "/outputs/web/master.m3u8");
	expect_text(5, WORDS("watch", id_of("{unknown}")), "there is no video");
}
END_TEST

START_TEST(watch_outlives_a_restart_of_the_server)
{
	const char *id = id_of("{queued}");
	struct command_run done;
	char address[256];
	struct vm_error err;

	command_start(&done, world.fake.address, "alpha", WORDS("watch", id, "--json"));
	wait_until("\"queued\"", &done);
	http_stop(world.fake.http, 0);
	change(id, VIDEO_CANCELED);
	world.fake.pipeline.server.listen = world.fake.address + strlen("http://");
	ck_assert_msg(http_start(&world.fake.server, &world.fake.http, address, sizeof address, &err) ==
	                  VM_OK,
	              "%s", err.message);
	command_finish(&done);
	ck_assert_int_eq(done.code, 1);
	ck_assert_ptr_nonnull(strstr(done.out, "\"canceled\""));
	command_free(&done);
}
END_TEST

START_TEST(watch_shows_everybodys_changes)
{
	const char *id = id_of("{queued}");
	struct command_run done;

	command_start(&done, world.fake.address, "alpha", WORDS("watch"));
	wait_until("ID ", &done);
	/* the stream is there some time after the heading */
	while (lseek(done.out_fd, 0, SEEK_END) < 150) {
		change(id, VIDEO_QUEUED);
		cancel_sleep_ms(NULL, 50);
	}
	wait_until(id, &done);
	kill(done.pid, SIGTERM);
	command_finish(&done);
	command_free(&done);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("client");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, list_is_a_table_or_json);
	tcase_add_test(tests, a_list_may_be_longer_than_a_page);
	tcase_add_test(tests, show_tells_all_of_one);
	tcase_add_test(tests, no_terminal_obeys_a_name);
	tcase_add_test(tests, retry_and_cancel_say_what_came_of_it);
	tcase_add_test(tests, dead_letters_can_be_handled);
	tcase_add_test(tests, who_asks_is_told_by_environment_or_file);
	tcase_add_test(tests, without_a_server_one_sentence_says_so);
	tcase_add_test(tests, watch_ends_when_the_video_does);
	tcase_add_test(tests, watch_outlives_a_restart_of_the_server);
	tcase_add_test(tests, watch_shows_everybodys_changes);
	return run_tests(tests, "client");
}
