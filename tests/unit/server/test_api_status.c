/* test_api_status.c - health, readiness and metrics as a monitor sees them. */
#include "run.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "support/clock.h"
#include "wire.h"

static struct fake fake;

static void start(void)
{
	fake_start(&fake, &(struct fake_options){0});
}

/* When the places were asked last, as the server is to believe. */
static void set_asked(int64_t at_ms)
{
	pthread_mutex_lock(&fake.http->ready_lock);
	fake.http->ready_ms = at_ms;
	pthread_mutex_unlock(&fake.http->ready_lock);
}

static void stop(void)
{
	fake_stop(&fake);
}

/* Asks for readiness and checks the sentence of one check. */
static void expect_ready(int status, const char *check, const char *sentence)
{
	struct wire_answer answer;
	json_t *json;

	set_asked(clock_monotonic_ms() - 5000);
	wire_ask(fake.port, "GET /readyz", "", NULL, &answer);
	ck_assert_msg(answer.status == status, "%d: %s", answer.status, answer.body);
	json = json_loads(answer.body, 0, NULL);
	ck_assert_int_eq(json_is_true(json_object_get(json, "ready")), status == 200);
	ck_assert_str_eq(json_string_value(json_object_get(json_object_get(json, "checks"), check)),
	                 sentence);
	json_decref(json);
	wire_free(&answer);
}

START_TEST(alive_is_alive_whatever_is_down)
{
	struct wire_answer answer;

	fake_fail("count", VM_ERR_NO_MEMORY, "count: gone");
	wire_ask(fake.port, "GET /healthz", "", NULL, &answer);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_str_eq(answer.body, "{\"status\":\"alive\"}\n");
	wire_free(&answer);
}
END_TEST

START_TEST(ready_means_that_every_place_answers)
{
	static const struct {
		const char *operation, *check;
	} places[] = {{"count", "meta"},
	              {"stats", "queue.unprocessed"},
	              {"stats", "queue.processed"},
	              {"stat", "storage.unprocessed"},
	              {"stat", "storage.processed"}};

	expect_ready(200, "meta", "ok");
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		fake_fail(places[i].operation, VM_ERR_DENIED, "it says no");
		expect_ready(503, places[i].check, "it says no");
	}
	fake_mend();
	expect_ready(200, "meta", "ok");
}
END_TEST

START_TEST(without_a_sweeper_nothing_is_ready)
{
	fake.server.swept_ms = clock_monotonic_ms() - 119000;
	expect_ready(200, "sweeper", "ok");
	fake.server.swept_ms = clock_monotonic_ms() - 125000;
	expect_ready(503, "sweeper", "no sweep for 125 s");
}
END_TEST

START_TEST(the_places_are_not_asked_for_everybody)
{
	struct wire_answer answer;

	expect_ready(200, "meta", "ok");
	set_asked(clock_monotonic_ms() + 60000);
	fake_fail("count", VM_ERR_DENIED, "it says no");
	wire_ask(fake.port, "GET /readyz", "", NULL, &answer);
	ck_assert_int_eq(answer.status, 200);
	wire_free(&answer);
}
END_TEST

static char *metrics(void)
{
	struct wire_answer answer;
	char *text;

	wire_ask(fake.port, "GET /metrics", "", NULL, &answer);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_str_eq(wire_header(&answer, "Content-Type"),
	                 "text/plain; version=0.0.4; charset=utf-8");
	text = answer.body;
	answer.body = NULL;
	wire_free(&answer);
	return text;
}

static void expect_line(const char *text, const char *line)
{
	char whole[256];

	snprintf(whole, sizeof whole, "\n%s\n", line);
	ck_assert_msg(strstr(text, whole) != NULL, "no \"%s\" in:\n%s", line, text);
}

START_TEST(metrics_tell_what_is_there)
{
	struct video video;
	char *text;

	fake_create(&fake, "", &video);
	fake_queue(&fake, "", &video);
	fake.server.swept_ms = clock_monotonic_ms();
	text = metrics();
	expect_line(text, "# TYPE vidmill_videos_created_total counter");
	expect_line(text, "vidmill_videos_created_total 2");
	expect_line(text, "vidmill_videos{state=\"queued\"} 1");
	expect_line(text, "vidmill_videos{state=\"awaiting_upload\"} 1");
	expect_line(text, "vidmill_videos{state=\"failed\"} 0");
	expect_line(text, "vidmill_queue_messages{queue=\"unprocessed\",state=\"visible\"} 1");
	expect_line(text, "vidmill_queue_oldest_seconds{queue=\"processed\"} 1.500");
	expect_line(text, "vidmill_compute_free_tasks 7");
	expect_line(text, "vidmill_reachable{role=\"meta\"} 1");
	expect_line(text, "vidmill_plugin_failures_total{role=\"meta\",plugin=\"meta-fake\","
	                  "operation=\"put\"} 0");
	ck_assert_ptr_nonnull(strstr(text, "\nvidmill_sweep_age_seconds "));
	free(text);
}
END_TEST

START_TEST(every_metric_has_help_and_type_once)
{
	char *text = metrics();
	char name[128];

	for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
		char help[160];
		const char *first;

		if (*line == '#')
			continue;
		ck_assert_int_eq(sscanf(line, "%127[a-z0-9_]", name), 1);
		snprintf(help, sizeof help, "# TYPE %s ", name);
		first = strstr(text, help);
		ck_assert_msg(first != NULL && first < line, "%s", name);
		ck_assert_msg(strstr(first + 1, help) == NULL, "%s", name);
		snprintf(help, sizeof help, "# HELP %s ", name);
		ck_assert_msg(strstr(text, help) != NULL, "%s", name);
	}
	free(text);
}
END_TEST

START_TEST(what_is_down_leaves_the_rest)
{
	char *text;

	fake_fail("count", VM_ERR_DENIED, "it says no");
	text = metrics();
	expect_line(text, "vidmill_reachable{role=\"meta\"} 0");
	expect_line(text, "vidmill_reachable{role=\"compute\"} 1");
	ck_assert_ptr_null(strstr(text, "vidmill_videos{"));
	free(text);
}
END_TEST

START_TEST(answers_are_counted)
{
	struct wire_answer answer;
	char *text;

	wire_ask(fake.port, "GET /nothing", "", NULL, &answer);
	wire_free(&answer);
	text = metrics();
	expect_line(text, "vidmill_http_requests_total{status=\"4xx\"} 1");
	expect_line(text, "vidmill_http_active{kind=\"upload\"} 0");
	free(text);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("api_status");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, alive_is_alive_whatever_is_down);
	tcase_add_test(tests, ready_means_that_every_place_answers);
	tcase_add_test(tests, without_a_sweeper_nothing_is_ready);
	tcase_add_test(tests, the_places_are_not_asked_for_everybody);
	tcase_add_test(tests, metrics_tell_what_is_there);
	tcase_add_test(tests, every_metric_has_help_and_type_once);
	tcase_add_test(tests, what_is_down_leaves_the_rest);
	tcase_add_test(tests, answers_are_counted);
	return run_tests(tests, "api_status");
}
