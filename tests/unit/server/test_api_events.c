/* test_api_events.c - server-sent events: what changes is seen while it happens. */
#include "run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "server/feed.h"
#include "support/clock.h"
#include "wire.h"

/* SHA-256 of "alpha" and "beta". */
#define TOKENS                                                                                     \
	"ann:8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8\n"                       \
	"bob:f44e64e75f3948e9f73f8dfa94721c4ce8cbb4f265c4790c702b2d41cfbf2753\n"

static struct fake fake;
static char seen[65536];

static void start(void)
{
	fake_start(&fake, &(struct fake_options){.tokens = TOKENS});
}

static void stop(void)
{
	fake_stop(&fake);
}

static int watch(const char *query, const char *headers)
{
	char head[512];
	int socket = wire_connect(fake.port);

	snprintf(head, sizeof head,
	         "GET /v1/events%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer alpha\r\n%s\r\n", query,
	         headers);
	wire_send(socket, head, strlen(head));
	return socket;
}

START_TEST(a_change_is_an_event_with_the_document)
{
	struct video video;
	int socket = watch("", "");

	ck_assert(wire_wait(socket, "retry: 2000", seen, sizeof seen));
	ck_assert_ptr_nonnull(strstr(seen, "Content-Type: text/event-stream"));
	fake_create(&fake, "ann", &video);
	ck_assert(wire_wait(socket, "}\n\n", seen, sizeof seen));
	ck_assert_ptr_nonnull(strstr(seen, "event: video\nid: "));
	ck_assert_ptr_nonnull(strstr(seen, video.id));
	close(socket);
}
END_TEST

START_TEST(others_changes_are_not_seen)
{
	struct video hers, his;
	int socket = watch("", "");

	ck_assert(wire_wait(socket, "retry: 2000", seen, sizeof seen));
	fake_create(&fake, "bob", &his);
	fake_create(&fake, "ann", &hers);
	ck_assert(wire_wait(socket, hers.id, seen, sizeof seen));
	ck_assert_ptr_null(strstr(seen, his.id));
	close(socket);
}
END_TEST

START_TEST(one_video_begins_with_where_it_stands)
{
	struct video video, other;
	char query[64];
	int socket;

	fake_create(&fake, "ann", &video);
	snprintf(query, sizeof query, "?video=%s", video.id);
	socket = watch(query, "");
	ck_assert(wire_wait(socket, "\"awaiting_upload\"", seen, sizeof seen));
	fake_create(&fake, "ann", &other);
	ck_assert_int_eq(videos_cancel(&fake.server, video.id, NULL, &video, NULL, NULL), VM_OK);
	ck_assert(wire_wait(socket, "\"canceled\"", seen, sizeof seen));
	ck_assert_ptr_null(strstr(seen, other.id));
	close(socket);
}
END_TEST

START_TEST(who_comes_back_goes_on_behind_the_last_event)
{
	struct video first, second, third;
	char header[128];
	int socket;

	fake_create(&fake, "ann", &first);
	fake_create(&fake, "ann", &second);
	fake_create(&fake, "ann", &third);
	snprintf(header, sizeof header, "Last-Event-ID: %s-1\r\n", fake.http->boot);
	socket = watch("", header);
	ck_assert(wire_wait(socket, third.id, seen, sizeof seen));
	ck_assert_ptr_null(strstr(seen, first.id));
	ck_assert_ptr_nonnull(strstr(seen, second.id));
	close(socket);
	socket = watch("", "Last-Event-ID: 0123456789abcdef-1\r\n");
	ck_assert(wire_wait(socket, "retry: 2000", seen, sizeof seen));
	fake_create(&fake, "ann", &first);
	ck_assert(wire_wait(socket, first.id, seen, sizeof seen));
	ck_assert_ptr_null(strstr(seen, second.id));
	close(socket);
}
END_TEST

START_TEST(a_stop_ends_the_stream)
{
	int socket = watch("", "");
	int64_t begun_ms;

	ck_assert(wire_wait(socket, "retry: 2000", seen, sizeof seen));
	begun_ms = clock_monotonic_ms();
	http_stop(fake.http, 20000);
	fake.http = NULL;
	ck_assert_int_lt(clock_monotonic_ms() - begun_ms, 15000);
	ck_assert(!wire_wait(socket, "never said", seen, sizeof seen));
	close(socket);
}
END_TEST

START_TEST(those_who_watch_are_bounded)
{
	struct wire_answer answer;
	int socket;

	fake.http->limits.streams = 1;
	socket = watch("", "");
	ck_assert(wire_wait(socket, "retry: 2000", seen, sizeof seen));
	wire_ask(fake.port, "GET /v1/events", "Authorization: Bearer alpha\r\n", NULL, &answer);
	ck_assert_int_eq(answer.status, 503);
	ck_assert_ptr_nonnull(strstr(answer.body, "1 clients are watching"));
	wire_free(&answer);
	close(socket);
}
END_TEST

START_TEST(a_wrong_video_is_refused)
{
	struct wire_answer answer;

	wire_ask(fake.port, "GET /v1/events?video=x", "Authorization: Bearer alpha\r\n", NULL, &answer);
	ck_assert_int_eq(answer.status, 400);
	wire_free(&answer);
	wire_ask(fake.port, "GET /v1/events?video=00112233445566778899aabbccddeeff",
	         "Authorization: Bearer alpha\r\n", NULL, &answer);
	ck_assert_int_eq(answer.status, 404);
	wire_free(&answer);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("api_events");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, a_change_is_an_event_with_the_document);
	tcase_add_test(tests, others_changes_are_not_seen);
	tcase_add_test(tests, one_video_begins_with_where_it_stands);
	tcase_add_test(tests, who_comes_back_goes_on_behind_the_last_event);
	tcase_add_test(tests, a_stop_ends_the_stream);
	tcase_add_test(tests, those_who_watch_are_bounded);
	tcase_add_test(tests, a_wrong_video_is_refused);
	return run_tests(tests, "api_events");
}
