/* test_api_videos.c - create, list, show, remove, and what can be asked of one video. */
#include "run.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "support/clock.h"
#include "wire.h"

/* SHA-256 of "alpha", "beta" and "gamma". */
#define TOKENS                                                                                     \
	"ann:8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8\n"                       \
	"bob:f44e64e75f3948e9f73f8dfa94721c4ce8cbb4f265c4790c702b2d41cfbf2753\n"                       \
	"root:be9d587defa1f0c09ef49eb17e206983a5f8f8289e4281860bd0ee5a19592c67:operator\n"
#define JSON "Content-Type: application/json\r\n"
#define ANN "Authorization: Bearer alpha\r\n"
#define BOB "Authorization: Bearer beta\r\n"
#define UNKNOWN "00112233445566778899aabbccddeeff"

static struct fake fake;

static void start(void)
{
	fake_start(&fake, &(struct fake_options){.tokens = TOKENS});
}

static void stop(void)
{
	fake_stop(&fake);
}

/* The JSON of an answer; the caller frees it. NULL when there is no body. */
static json_t *ask(int status, const char *headers, const char *body, const char *format, ...)
    VM_PRINTF(4, 5);
static json_t *ask(int status, const char *headers, const char *body, const char *format, ...)
{
	struct wire_answer answer;
	va_list arguments;
	char line[1024];
	json_t *json;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	wire_ask(fake.port, line, headers, body, &answer);
	ck_assert_msg(answer.status == status, "%s: %d: %s", line, answer.status, answer.body);
	json = json_loads(answer.body, 0, NULL);
	wire_free(&answer);
	return json;
}

static const char *text(const json_t *json, const char *name)
{
	const char *value = json_string_value(json_object_get(json, name));

	return value != NULL ? value : "";
}

/* Asks and expects a problem whose detail has this text. */
static void expect_problem(int status, const char *headers, const char *body, const char *line,
                           const char *detail)
{
	json_t *json = ask(status, headers, body, "%s", line);

	ck_assert_msg(strstr(text(json, "detail"), detail) != NULL, "%s: %s", line,
	              text(json, "detail"));
	ck_assert_int_eq(json_integer_value(json_object_get(json, "status")), status);
	json_decref(json);
}

START_TEST(a_new_video_comes_with_its_upload)
{
	json_t *json = ask(201, ANN JSON,
	                   "{\"name\":\"clip.mp4\",\"content_type\":\"video/mp4\",\"bytes\":1000}",
	                   "POST /v1/videos");
	const json_t *video = json_object_get(json, "video");
	const json_t *upload = json_object_get(json, "upload");
	const json_t *request = json_array_get(json_object_get(upload, "requests"), 0);

	ck_assert_str_eq(text(video, "name"), "clip.mp4");
	ck_assert_str_eq(text(video, "state"), "awaiting_upload");
	ck_assert_uint_eq(strlen(text(video, "id")), 32);
	ck_assert_uint_eq(json_array_size(json_object_get(upload, "requests")), 1);
	ck_assert_str_eq(text(request, "method"), "PUT");
	ck_assert_int_eq(strncmp(text(request, "url"), fake.address, strlen(fake.address)), 0);
	ck_assert_ptr_nonnull(strstr(text(request, "url"), text(video, "id")));
	ck_assert_int_eq(json_integer_value(json_object_get(request, "bytes")), 1000);
	ck_assert_int_gt(json_integer_value(json_object_get(upload, "expires_ms")), 0);
	ck_assert(json_is_null(json_object_get(upload, "complete")));
	ck_assert_uint_eq(fake.server.counters.videos_created, 1);
	json_decref(json);
}
END_TEST

START_TEST(its_place_is_in_the_header)
{
	struct wire_answer answer;
	char expected[300];

	wire_ask(fake.port, "POST /v1/videos", ANN, NULL, &answer);
	ck_assert_int_eq(answer.status, 201);
	snprintf(expected, sizeof expected, "%s/v1/videos/", fake.address);
	ck_assert_int_eq(strncmp(wire_header(&answer, "Location"), expected, strlen(expected)), 0);
	wire_free(&answer);
}
END_TEST

static const struct {
	int status;
	const char *body, *detail;
} refused[] = {
    {400, "{\"bites\":5}", "member bites: not known here; did you mean bytes?"},
    {400, "{\"name\":5}", "member name: not a string"},
    {400, "{\"bytes\":\"5\"}", "member bytes: not an integer"},
    {400, "{\"bytes\":-5}", "member bytes: negative"},
    {400, "{\"bytes\":0}", "an empty file is no video"},
    {400, "{\"content_type\":\"video\"}", "member content_type"},
    {400, "{\"content_type\":\"video/mp4\\r\\nX: y\"}", "member content_type"},
    {413, "{\"bytes\":67108865}", "at most 67108864 bytes"},
};

START_TEST(what_makes_no_video_is_said)
{
	expect_problem(refused[_i].status, ANN JSON, refused[_i].body, "POST /v1/videos",
	               refused[_i].detail);
}
END_TEST

START_TEST(a_name_may_be_255_bytes_long)
{
	char body[400];
	char name[260];

	memset(name, 'n', sizeof name);
	name[255] = '\0';
	snprintf(body, sizeof body, "{\"name\":\"%s\"}", name);
	json_decref(ask(201, ANN JSON, body, "POST /v1/videos"));
	snprintf(body, sizeof body, "{\"name\":\"%sx\"}", name);
	expect_problem(400, ANN JSON, body, "POST /v1/videos", "member name: longer");
}
END_TEST

START_TEST(a_store_that_presigns_gets_the_bytes_itself)
{
	json_t *json, *requests;
	const json_t *second;

	fake_stop(&fake);
	fake_start(&fake, &(struct fake_options){.tokens = TOKENS, .presigns = true});
	json = ask(201, ANN JSON, "{\"bytes\":1000}", "POST /v1/videos");
	requests = json_object_get(json_object_get(json, "upload"), "requests");
	ck_assert_uint_eq(json_array_size(requests), 2);
	second = json_array_get(requests, 1);
	ck_assert_str_eq(text(second, "url"), "http://store.example/2");
	ck_assert_int_eq(json_integer_value(json_object_get(second, "part")), 2);
	ck_assert_int_eq(json_integer_value(json_object_get(second, "offset")), 500);
	ck_assert_str_eq(text(json_object_get(second, "headers"), "If-None-Match"), "*");
	ck_assert_ptr_nonnull(strstr(text(json_object_get(json, "upload"), "complete"), "/complete"));
	json_decref(json);
	/* nobody can sign a length that is not known */
	json = ask(201, ANN JSON, "{}", "POST /v1/videos");
	requests = json_object_get(json_object_get(json, "upload"), "requests");
	ck_assert_ptr_nonnull(strstr(text(json_array_get(requests, 0), "url"), "/v1/uploads/"));
	json_decref(json);
}
END_TEST

START_TEST(the_list_is_newest_first_and_goes_on)
{
	struct video videos[5];
	char after[VIDEO_ID_MAX];
	json_t *json;

	for (int i = 0; i < 5; i++) {
		fake_create(&fake, i == 2 ? "bob" : "ann", &videos[i]);
		/* created_ms has to differ for an order that can be known here */
		while (clock_unix_ms() <= videos[i].created_ms)
			cancel_sleep_ms(NULL, 1);
	}
	json = ask(200, ANN, NULL, "GET /v1/videos?limit=2");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "videos")), 2);
	ck_assert_str_eq(text(json_array_get(json_object_get(json, "videos"), 0), "id"), videos[4].id);
	ck_assert_str_eq(text(json_array_get(json_object_get(json, "videos"), 1), "id"), videos[3].id);
	snprintf(after, sizeof after, "%s", text(json, "next"));
	ck_assert_str_eq(after, videos[3].id);
	json_decref(json);
	json = ask(200, ANN, NULL, "GET /v1/videos?limit=2&after=%s", after);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "videos")), 2);
	ck_assert_str_eq(text(json_array_get(json_object_get(json, "videos"), 0), "id"), videos[1].id);
	ck_assert_str_eq(text(json_array_get(json_object_get(json, "videos"), 1), "id"), videos[0].id);
	ck_assert(json_is_null(json_object_get(json, "next")));
	json_decref(json);
}
END_TEST

START_TEST(the_list_can_be_of_one_state)
{
	struct video waiting, queued;
	json_t *json, *list;

	fake_create(&fake, "ann", &waiting);
	fake_queue(&fake, "ann", &queued);
	json = ask(200, ANN, NULL, "GET /v1/videos?state=queued");
	list = json_object_get(json, "videos");
	ck_assert_uint_eq(json_array_size(list), 1);
	ck_assert_str_eq(text(json_array_get(list, 0), "id"), queued.id);
	json_decref(json);
	expect_problem(400, ANN, NULL, "GET /v1/videos?state=sleeping", "awaiting_upload, queued");
	expect_problem(400, ANN, NULL, "GET /v1/videos?limit=0", "query limit");
	expect_problem(400, ANN, NULL, "GET /v1/videos?limit=501", "query limit");
	expect_problem(400, ANN, NULL, "GET /v1/videos?limit=ten", "query limit");
	expect_problem(400, ANN, NULL, "GET /v1/videos?limit=-1", "query limit");
	expect_problem(400, ANN, NULL, "GET /v1/videos?after=x", "query after");
	expect_problem(404, ANN, NULL, "GET /v1/videos?after=" UNKNOWN, "no video");
}
END_TEST

START_TEST(another_owners_video_is_not_there)
{
	struct video video;

	fake_process(&fake, "ann", &video);
	json_decref(ask(200, ANN, NULL, "GET /v1/videos/%s", video.id));
	json_decref(ask(404, BOB, NULL, "GET /v1/videos/%s", video.id));
	json_decref(ask(404, BOB, NULL, "POST /v1/videos/%s/retry", video.id));
	json_decref(ask(404, BOB, NULL, "POST /v1/videos/%s/cancel", video.id));
	json_decref(ask(404, BOB, NULL, "POST /v1/videos/%s/complete", video.id));
	json_decref(ask(404, BOB, NULL, "DELETE /v1/videos/%s", video.id));
	json_decref(ask(404, BOB, NULL, "GET /v1/videos/%s/outputs", video.id));
	json_decref(ask(404, BOB, NULL, "GET /v1/videos/%s/outputs/web/master.m3u8", video.id));
	json_decref(ask(404, BOB, NULL, "GET /v1/events?video=%s", video.id));
}
END_TEST

START_TEST(an_operator_sees_everybodys)
{
	struct video video;
	json_t *json;

	fake_create(&fake, "ann", &video);
	json = ask(200, "Authorization: Bearer gamma\r\n", NULL, "GET /v1/videos");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "videos")), 1);
	json_decref(json);
}
END_TEST

START_TEST(a_second_complete_changes_nothing)
{
	struct video video, after;
	char line[128];
	json_t *json;

	fake_create(&fake, "ann", &video);
	snprintf(line, sizeof line, "POST /v1/videos/%s/complete", video.id);
	expect_problem(409, ANN, NULL, line, "nothing was uploaded yet");
	fake_queue(&fake, "ann", &video);
	ck_assert_uint_eq(fake_queue_messages(fake.server.places.queue_unprocessed->self), 1);
	snprintf(line, sizeof line, "POST /v1/videos/%s/complete", video.id);
	expect_problem(409, ANN, NULL, line, "it is queued");
	ck_assert_uint_eq(fake_queue_messages(fake.server.places.queue_unprocessed->self), 1);
	ck_assert_int_eq(videos_get(&fake.server, video.id, NULL, &after, NULL, NULL), VM_OK);
	ck_assert_uint_eq(after.generation, 1);
	json = ask(200, ANN JSON, "{}", "POST /v1/videos/%s/cancel", video.id);
	ck_assert_str_eq(text(json, "state"), "canceled");
	json_decref(json);
	expect_problem(400, ANN JSON, "{\"force\":true}", line, "member force");
}
END_TEST

START_TEST(a_retry_is_a_new_generation)
{
	struct video video;
	char line[128];
	json_t *json;

	fake_process(&fake, "ann", &video);
	json = ask(200, ANN, NULL, "POST /v1/videos/%s/retry", video.id);
	ck_assert_str_eq(text(json, "state"), "queued");
	ck_assert_int_eq(json_integer_value(json_object_get(json, "generation")), 2);
	json_decref(json);
	snprintf(line, sizeof line, "POST /v1/videos/%s/retry", video.id);
	expect_problem(409, ANN, NULL, line, "it is queued");
}
END_TEST

START_TEST(a_removed_video_is_gone_at_once)
{
	struct video video;

	fake_create(&fake, "ann", &video);
	ck_assert_ptr_null(ask(202, ANN, NULL, "DELETE /v1/videos/%s", video.id));
	json_decref(ask(404, ANN, NULL, "GET /v1/videos/%s", video.id));
	json_decref(ask(404, ANN, NULL, "DELETE /v1/videos/%s", video.id));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("api_videos");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, a_new_video_comes_with_its_upload);
	tcase_add_test(tests, its_place_is_in_the_header);
	tcase_add_loop_test(tests, what_makes_no_video_is_said, 0,
	                    (int)(sizeof refused / sizeof refused[0]));
	tcase_add_test(tests, a_name_may_be_255_bytes_long);
	tcase_add_test(tests, a_store_that_presigns_gets_the_bytes_itself);
	tcase_add_test(tests, the_list_is_newest_first_and_goes_on);
	tcase_add_test(tests, the_list_can_be_of_one_state);
	tcase_add_test(tests, another_owners_video_is_not_there);
	tcase_add_test(tests, an_operator_sees_everybodys);
	tcase_add_test(tests, a_second_complete_changes_nothing);
	tcase_add_test(tests, a_retry_is_a_new_generation);
	tcase_add_test(tests, a_removed_video_is_gone_at_once);
	return run_tests(tests, "api_videos");
}
