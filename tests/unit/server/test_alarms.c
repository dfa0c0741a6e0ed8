/* test_alarms.c - each alarm is raised and cleared by what it is about, and told once. */
#include "server/alarms.h"

#include <jansson.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake.h"
#include "plugin/queue.h"
#include "plugin/storage.h"
#include "run.h"
#include "server/documents.h"
#include "support/clock.h"
#include "wire.h"

static struct fake fake;
static int log_file, stderr_before;

static void start(void)
{
	fake_start(&fake, &(struct fake_options){0});
	log_file = memfd_create("log", MFD_CLOEXEC);
	stderr_before = dup(STDERR_FILENO);
	ck_assert_int_eq(dup2(log_file, STDERR_FILENO), STDERR_FILENO);
}

static void stop(void)
{
	dup2(stderr_before, STDERR_FILENO);
	close(stderr_before);
	close(log_file);
	fake_stop(&fake);
}

/* How many lines of the log so far have this in them. */
static int logged(const char *text)
{
	static char log[1 << 16];
	ssize_t length = pread(log_file, log, sizeof log - 1, 0);
	int count = 0;

	ck_assert_int_ge(length, 0);
	log[length] = '\0';
	for (const char *at = log; (at = strstr(at, text)) != NULL; at++)
		count++;
	return count;
}

static struct alarm judge(enum alarm_kind kind)
{
	struct alarm alarm;

	alarms_judge(&fake.server);
	alarms_read(fake.server.alarms, kind, &alarm);
	return alarm;
}

/* Raised now, however often it is looked at, with one line in the log. */
static void expect_raised(enum alarm_kind kind, double figure, const char *detail)
{
	struct alarm alarm = judge(kind);
	char line[128];

	ck_assert_msg(alarm.raised, "%s is not raised", alarm_name(kind));
	ck_assert_double_ge(alarm.figure, figure);
	ck_assert_msg(strstr(alarm.detail, detail) != NULL, "%s", alarm.detail);
	ck_assert_int_ne(alarm.since_ms, 0);
	ck_assert_int_eq(judge(kind).since_ms, alarm.since_ms);
	snprintf(line, sizeof line, "alarm %s: ", alarm_name(kind));
	ck_assert_int_eq(logged(line), 1);
}

static void expect_over(enum alarm_kind kind)
{
	char line[128];

	ck_assert(!judge(kind).raised);
	ck_assert(!judge(kind).raised);
	snprintf(line, sizeof line, "alarm %s is over", alarm_name(kind));
	ck_assert_int_eq(logged(line), 1);
}

static void change(const char *id, void (*edit)(struct video *video))
{
	struct vm_error err;
	struct video video;

	ck_assert_int_eq(document_read(fake.server.places.meta, id, &video, NULL, &err), VM_OK);
	edit(&video);
	ck_assert_int_eq(document_store(fake.server.places.meta, &video, NULL, &err), VM_OK);
}

START_TEST(nothing_is_wrong_with_a_new_server)
{
	struct alarm alarm;

	alarms_judge(&fake.server);
	for (enum alarm_kind kind = 1; kind < ALARM_END; kind++) {
		alarms_read(fake.server.alarms, kind, &alarm);
		ck_assert_msg(!alarm.raised, "%s", alarm_name(kind));
	}
	ck_assert_int_eq(logged("alarm"), 0);
}
END_TEST

START_TEST(dead_letters)
{
	char id[VM_MESSAGE_ID_MAX];
	struct vm_error err;

	fake_bury(&fake, NULL, id);
	expect_raised(ALARM_DEAD_LETTERS, 1, "task messages 1, events 0");
	ck_assert_int_eq(queue_remove_dead(fake.server.places.queue_unprocessed, id, NULL, &err),
	                 VM_OK);
	expect_over(ALARM_DEAD_LETTERS);
}
END_TEST

START_TEST(dead_letters_below_the_number_or_of_no_interest)
{
	char id[VM_MESSAGE_ID_MAX];

	fake_bury(&fake, NULL, id);
	fake.pipeline.server.alarms.dead_letters = 2;
	ck_assert(!judge(ALARM_DEAD_LETTERS).raised);
	fake_bury(&fake, NULL, id);
	ck_assert(judge(ALARM_DEAD_LETTERS).raised);
	fake.pipeline.server.alarms.dead_letters = 0;
	ck_assert(!judge(ALARM_DEAD_LETTERS).raised);
}
END_TEST

static void make_overdue(struct video *video)
{
	video->wake_ms = clock_unix_ms() - 400000;
}

static void make_due(struct video *video)
{
	video->wake_ms = clock_unix_ms() + 60000;
}

static void make_silent(struct video *video)
{
	video->state = VIDEO_PROCESSING;
	video->wake_ms = 0;
	video->attempt.until_ms = clock_unix_ms() - 2 * 120000 - 400000;
}

static void make_heard(struct video *video)
{
	video->attempt.until_ms = clock_unix_ms() + 60000;
}

START_TEST(stuck_videos)
{
	struct video overdue, silent;

	fake_create(&fake, "", &overdue);
	fake_queue(&fake, "", &silent);
	change(overdue.id, make_overdue);
	change(silent.id, make_silent);
	/* What a server finds that has just come up is no alarm. */
	ck_assert(!judge(ALARM_STUCK_VIDEOS).raised);
	fake.pipeline.server.alarms.stuck_ms = 1;
	cancel_sleep_ms(fake.server.stop, 2);
	expect_raised(ALARM_STUCK_VIDEOS, 2, "nobody saw to: 2");
	change(overdue.id, make_due);
	change(silent.id, make_heard);
	expect_over(ALARM_STUCK_VIDEOS);
}
END_TEST

START_TEST(the_sweeper)
{
	fake.server.swept_ms = clock_monotonic_ms() - 125000;
	expect_raised(ALARM_SWEEPER, 125, "no pass for 2 min 5 s");
	fake.server.swept_ms = clock_monotonic_ms();
	expect_over(ALARM_SWEEPER);
}
END_TEST

static void let_wait(struct video *video)
{
	video->waiting_ms = clock_unix_ms() - 3600000;
}

static void let_work(struct video *video)
{
	video->state = VIDEO_PROCESSING;
	video->attempt.until_ms = clock_unix_ms() + 60000;
}

START_TEST(queue_age)
{
	struct video video;

	fake_queue(&fake, "", &video);
	ck_assert(!judge(ALARM_QUEUE_AGE).raised);
	change(video.id, let_wait);
	expect_raised(ALARM_QUEUE_AGE, 3600, "a video has waited for 1 h");
	change(video.id, let_work);
	expect_over(ALARM_QUEUE_AGE);
}
END_TEST

START_TEST(an_event_that_nobody_reads_is_of_age_too)
{
	fake.pipeline.server.alarms.queue_age_ms = 1000;
	/* The fake's queues say that their oldest message is 1.5 s old. */
	expect_raised(ALARM_QUEUE_AGE, 1.5, "an event has waited for 1.5 s");
}
END_TEST

START_TEST(incomplete_videos)
{
	struct video whole, broken;
	struct vm_put put = {.content_type = "application/vnd.apple.mpegurl"};
	char key[VM_KEY_MAX];
	struct vm_error err;

	fake.pipeline.server.alarms.audit_ms = 1;
	fake_process(&fake, "", &whole);
	fake_process(&fake, "", &broken);
	for (int n = 0; n < 4; n++) {
		cancel_sleep_ms(fake.server.stop, 2);
		ck_assert(!judge(ALARM_INCOMPLETE).raised);
	}
	snprintf(key, sizeof key, "%.*s/web/master.m3u8",
	         (int)(strrchr(broken.result.manifest_key, '/') - broken.result.manifest_key),
	         broken.result.manifest_key);
	ck_assert_int_eq(storage_remove(fake.server.places.storage_processed, key, NULL, &err), VM_OK);
	for (int n = 0; n < 1000 && !judge(ALARM_INCOMPLETE).raised; n++)
		cancel_sleep_ms(fake.server.stop, 2);
	expect_raised(ALARM_INCOMPLETE, 1, "not complete: 1;");
	ck_assert_int_eq(logged("processed, but web/master.m3u8 is missing"), 1);
	put.key = key;
	ck_assert_int_eq(storage_put(fake.server.places.storage_processed, &put, FAKE_PLAYLIST,
	                             strlen(FAKE_PLAYLIST), NULL, NULL, &err),
	                 VM_OK);
	for (int n = 0; n < 1000 && judge(ALARM_INCOMPLETE).raised; n++)
		cancel_sleep_ms(fake.server.stop, 2);
	expect_over(ALARM_INCOMPLETE);
}
END_TEST

START_TEST(what_cannot_be_judged_stays_as_it_was)
{
	char id[VM_MESSAGE_ID_MAX];

	fake_bury(&fake, NULL, id);
	ck_assert(judge(ALARM_DEAD_LETTERS).raised);
	fake_fail("stats", VM_ERR_DENIED, "it says no");
	ck_assert(judge(ALARM_DEAD_LETTERS).raised);
	fake_mend();
	ck_assert_int_eq(logged("alarm dead_letters"), 1);
}
END_TEST

START_TEST(readiness_and_metrics_tell_it)
{
	char id[VM_MESSAGE_ID_MAX];
	struct wire_answer answer;
	json_t *json, *alarm;

	fake_bury(&fake, NULL, id);
	alarms_judge(&fake.server);
	wire_ask(fake.port, "GET /readyz", "", NULL, &answer);
	/* A fact for a person, and no reason to send requests elsewhere. */
	ck_assert_int_eq(answer.status, 200);
	json = json_loads(answer.body, 0, NULL);
	alarm = json_array_get(json_object_get(json, "alarms"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(alarm, "name")), "dead_letters");
	ck_assert_str_eq(json_string_value(json_object_get(alarm, "detail")),
	                 "what will not be tried again: task messages 1, events 0");
	json_decref(json);
	wire_free(&answer);
	wire_ask(fake.port, "GET /metrics", "", NULL, &answer);
	ck_assert_ptr_nonnull(strstr(answer.body, "\nvidmill_alarm{name=\"dead_letters\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(answer.body, "\nvidmill_alarm{name=\"sweeper\"} 0\n"));
	ck_assert_ptr_nonnull(strstr(answer.body, "\nvidmill_dead_letters 1.000\n"));
	wire_free(&answer);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("alarms");

	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, nothing_is_wrong_with_a_new_server);
	tcase_add_test(tests, dead_letters);
	tcase_add_test(tests, dead_letters_below_the_number_or_of_no_interest);
	tcase_add_test(tests, stuck_videos);
	tcase_add_test(tests, the_sweeper);
	tcase_add_test(tests, queue_age);
	tcase_add_test(tests, an_event_that_nobody_reads_is_of_age_too);
	tcase_add_test(tests, incomplete_videos);
	tcase_add_test(tests, what_cannot_be_judged_stays_as_it_was);
	tcase_add_test(tests, readiness_and_metrics_tell_it);
	return run_tests(tests, "alarms");
}
