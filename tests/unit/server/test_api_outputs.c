/* test_api_outputs.c - what is made of a video, listed and played straight from the server. */
#include "run.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "wire.h"

#define SEGMENT_BYTES 600000

static struct fake fake;
static struct video video;

static void start(void)
{
	fake_start(&fake, &(struct fake_options){0});
	fake_process(&fake, "", &video);
}

static void stop(void)
{
	fake_stop(&fake);
}

static void get(const char *method, const char *name, const char *headers,
                struct wire_answer *answer)
{
	char line[400];

	snprintf(line, sizeof line, "%s /v1/videos/%s/outputs%s", method, video.id, name);
	wire_ask(fake.port, line, headers, NULL, answer);
}

START_TEST(the_list_is_the_manifests)
{
	struct wire_answer answer;
	const json_t *output;
	char url[512];
	json_t *json;

	get("GET", "", "", &answer);
	ck_assert_int_eq(answer.status, 200);
	json = json_loads(answer.body, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(json, "video")), video.id);
	ck_assert_int_eq(json_integer_value(json_object_get(json, "generation")), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "outputs")), 2);
	output = json_array_get(json_object_get(json, "outputs"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(output, "name")),
	                 "web/720p/segment-00001.m4s");
	ck_assert_int_eq(json_integer_value(json_object_get(output, "bytes")), SEGMENT_BYTES);
	snprintf(url, sizeof url, "%s/v1/videos/%s/outputs/web/720p/segment-00001.m4s", fake.address,
	         video.id);
	ck_assert_str_eq(json_string_value(json_object_get(output, "url")), url);
	json_decref(json);
	wire_free(&answer);
}
END_TEST

START_TEST(an_output_comes_with_what_a_player_needs)
{
	struct wire_answer answer;

	get("GET", "/web/master.m3u8", "", &answer);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_str_eq(wire_header(&answer, "Content-Type"), "application/vnd.apple.mpegurl");
	ck_assert_str_eq(wire_header(&answer, "Content-Length"), "8");
	ck_assert_str_eq(wire_header(&answer, "Accept-Ranges"), "bytes");
	ck_assert_uint_eq(strlen(wire_header(&answer, "ETag")), 66);
	ck_assert_str_eq(answer.body, FAKE_PLAYLIST);
	wire_free(&answer);
}
END_TEST

START_TEST(a_large_output_comes_whole)
{
	struct wire_answer answer;

	get("GET", "/web/720p/segment-00001.m4s", "", &answer);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_uint_eq(answer.length, SEGMENT_BYTES);
	ck_assert_uint_eq(strspn(answer.body, "x"), SEGMENT_BYTES);
	wire_free(&answer);
}
END_TEST

START_TEST(a_head_has_everything_but_the_bytes)
{
	struct wire_answer answer;

	get("HEAD", "/web/720p/segment-00001.m4s", "", &answer);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_str_eq(wire_header(&answer, "Content-Length"), "600000");
	ck_assert_uint_eq(answer.length, 0);
	wire_free(&answer);
}
END_TEST

START_TEST(a_range_is_a_part)
{
	struct wire_answer answer;

	get("GET", "/web/master.m3u8", "Range: bytes=1-3\r\n", &answer);
	ck_assert_int_eq(answer.status, 206);
	ck_assert_str_eq(wire_header(&answer, "Content-Range"), "bytes 1-3/8");
	ck_assert_str_eq(answer.body, "EXT");
	wire_free(&answer);
	get("GET", "/web/720p/segment-00001.m4s", "Range: bytes=-300000\r\n", &answer);
	ck_assert_int_eq(answer.status, 206);
	ck_assert_str_eq(wire_header(&answer, "Content-Range"), "bytes 300000-599999/600000");
	ck_assert_uint_eq(answer.length, 300000);
	wire_free(&answer);
	get("GET", "/web/master.m3u8", "Range: bytes=8-\r\n", &answer);
	ck_assert_int_eq(answer.status, 416);
	ck_assert_str_eq(wire_header(&answer, "Content-Range"), "bytes */8");
	wire_free(&answer);
}
END_TEST

START_TEST(what_a_client_has_is_not_sent_again)
{
	struct wire_answer answer;
	char etag[100], header[200];

	get("GET", "/web/master.m3u8", "", &answer);
	snprintf(etag, sizeof etag, "%s", wire_header(&answer, "ETag"));
	wire_free(&answer);
	snprintf(header, sizeof header, "If-None-Match: \"x\", %s\r\n", etag);
	get("GET", "/web/master.m3u8", header, &answer);
	ck_assert_int_eq(answer.status, 304);
	ck_assert_uint_eq(answer.length, 0);
	wire_free(&answer);
	snprintf(header, sizeof header, "Range: bytes=1-3\r\nIf-Range: %s\r\n", etag);
	get("GET", "/web/master.m3u8", header, &answer);
	ck_assert_int_eq(answer.status, 206);
	wire_free(&answer);
	get("GET", "/web/master.m3u8", "Range: bytes=1-3\r\nIf-Range: \"old\"\r\n", &answer);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_uint_eq(answer.length, 8);
	wire_free(&answer);
}
END_TEST

START_TEST(only_what_the_manifest_lists_is_there)
{
	static const char *const names[] = {"/web/other.m3u8", "/manifest.json",
	                                    "/web/../manifest.json", "/../1-1-x/web/master.m3u8",
	                                    "/web/master.m3u8/"};
	struct wire_answer answer;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		get("GET", names[i], "", &answer);
		ck_assert_msg(answer.status == 404, "%s: %d", names[i], answer.status);
		wire_free(&answer);
	}
}
END_TEST

START_TEST(a_video_without_outputs_says_its_state)
{
	struct wire_answer answer;

	fake_queue(&fake, "", &video);
	get("GET", "", "", &answer);
	ck_assert_int_eq(answer.status, 409);
	ck_assert_ptr_nonnull(strstr(answer.body, "it is queued"));
	wire_free(&answer);
	get("GET", "/web/master.m3u8", "", &answer);
	ck_assert_int_eq(answer.status, 409);
	wire_free(&answer);
}
END_TEST

START_TEST(a_store_that_is_down_is_an_error_and_no_short_answer)
{
	struct wire_answer answer;

	fake_fail("read_at", VM_ERR_NO_MEMORY, "read c: gone");
	get("GET", "/web/master.m3u8", "", &answer);
	ck_assert_int_eq(answer.status, 503);
	wire_free(&answer);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("api_outputs");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, the_list_is_the_manifests);
	tcase_add_test(tests, an_output_comes_with_what_a_player_needs);
	tcase_add_test(tests, a_large_output_comes_whole);
	tcase_add_test(tests, a_head_has_everything_but_the_bytes);
	tcase_add_test(tests, a_range_is_a_part);
	tcase_add_test(tests, what_a_client_has_is_not_sent_again);
	tcase_add_test(tests, only_what_the_manifest_lists_is_there);
	tcase_add_test(tests, a_video_without_outputs_says_its_state);
	tcase_add_test(tests, a_store_that_is_down_is_an_error_and_no_short_answer);
	return run_tests(tests, "api_outputs");
}
