/* test_api_dead_letters.c - dead letters seen, tried again and removed, each by its owner. */
#include "run.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "server/documents.h"
#include "wire.h"

/* SHA-256 of "alpha", "beta" and "gamma". */
#define TOKENS                                                                                     \
	"ann:8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8\n"                       \
	"bob:f44e64e75f3948e9f73f8dfa94721c4ce8cbb4f265c4790c702b2d41cfbf2753\n"                       \
	"root:be9d587defa1f0c09ef49eb17e206983a5f8f8289e4281860bd0ee5a19592c67:operator\n"
#define JSON "Content-Type: application/json\r\n"
#define ANN "Authorization: Bearer alpha\r\n"
#define BOB "Authorization: Bearer beta\r\n"
#define ROOT "Authorization: Bearer gamma\r\n"

static struct fake fake;
static struct video hers;
static char her_letter[VM_MESSAGE_ID_MAX], his_letter[VM_MESSAGE_ID_MAX],
    nobodys_letter[VM_MESSAGE_ID_MAX];

/* A video that has failed, as one with a dead letter has. */
static void fail_video(const char *owner, struct video *out, char letter[VM_MESSAGE_ID_MAX])
{
	struct vm_error err;

	fake_queue(&fake, owner, out);
	ck_assert_int_eq(videos_get(&fake.server, out->id, NULL, out, NULL, &err), VM_OK);
	out->state = VIDEO_FAILED;
	out->error = ERROR_BAD_MEDIA;
	ck_assert_int_eq(document_store(fake.server.places.meta, out, NULL, &err), VM_OK);
	fake_bury(&fake, out->id, letter);
}

static void start(void)
{
	struct video his;

	fake_start(&fake, &(struct fake_options){.tokens = TOKENS});
	fail_video("ann", &hers, her_letter);
	fail_video("bob", &his, his_letter);
	fake_bury(&fake, NULL, nobodys_letter);
}

static void stop(void)
{
	fake_stop(&fake);
}

static json_t *ask(int status, const char *headers, const char *body, const char *line)
{
	struct wire_answer answer;
	json_t *json;

	wire_ask(fake.port, line, headers, body, &answer);
	ck_assert_msg(answer.status == status, "%s: %d: %s", line, answer.status, answer.body);
	json = json_loads(answer.body, 0, NULL);
	wire_free(&answer);
	return json;
}

static size_t letters_of(const char *headers)
{
	json_t *json = ask(200, headers, NULL, "GET /v1/dead-letters");
	size_t count = json_array_size(json_object_get(json, "dead_letters"));

	json_decref(json);
	return count;
}

static enum video_state state_of(const struct video *video)
{
	struct video now;

	ck_assert_int_eq(videos_get(&fake.server, video->id, NULL, &now, NULL, NULL), VM_OK);
	return now.state;
}

START_TEST(an_owner_sees_his_own)
{
	json_t *json = ask(200, ANN, NULL, "GET /v1/dead-letters");
	const json_t *list = json_object_get(json, "dead_letters");
	const json_t *letter = json_array_get(list, 0);

	ck_assert_uint_eq(json_array_size(list), 1);
	ck_assert_str_eq(json_string_value(json_object_get(letter, "id")), her_letter);
	ck_assert_str_eq(json_string_value(json_object_get(letter, "video")), hers.id);
	ck_assert_str_eq(json_string_value(json_object_get(letter, "reason")), "received too often");
	ck_assert_int_eq(json_integer_value(json_object_get(letter, "receives")), 21);
	json_decref(json);
}
END_TEST

START_TEST(an_operator_sees_all)
{
	json_t *json = ask(200, ROOT, NULL, "GET /v1/dead-letters");
	const json_t *last = json_array_get(json_object_get(json, "dead_letters"), 2);

	ck_assert(json_is_null(json_object_get(last, "video")));
	ck_assert_str_eq(json_string_value(json_object_get(last, "message")), "hello");
	json_decref(json);
	json_decref(ask(400, ROOT, NULL, "GET /v1/dead-letters?limit=0"));
	json = ask(200, ROOT, NULL, "GET /v1/dead-letters?limit=2");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "dead_letters")), 2);
	json_decref(json);
}
END_TEST

START_TEST(one_letter_gets_another_chance)
{
	char body[300];
	json_t *json;

	snprintf(body, sizeof body, "{\"id\":\"%s\"}", her_letter);
	json_decref(ask(404, BOB JSON, body, "POST /v1/dead-letters/redrive"));
	ck_assert_int_eq(state_of(&hers), VIDEO_FAILED);
	json = ask(200, ANN JSON, body, "POST /v1/dead-letters/redrive");
	ck_assert_int_eq(json_integer_value(json_object_get(json, "moved")), 1);
	json_decref(json);
	ck_assert_int_eq(state_of(&hers), VIDEO_QUEUED);
	ck_assert_uint_eq(letters_of(ANN), 0);
	ck_assert_uint_eq(letters_of(ROOT), 2);
	json_decref(ask(404, ROOT JSON, body, "POST /v1/dead-letters/redrive"));
}
END_TEST

START_TEST(all_means_all_of_ones_own)
{
	json_t *json = ask(200, ANN, NULL, "POST /v1/dead-letters/redrive");

	ck_assert_int_eq(json_integer_value(json_object_get(json, "moved")), 1);
	json_decref(json);
	ck_assert_uint_eq(letters_of(BOB), 1);
	json = ask(200, ROOT, NULL, "POST /v1/dead-letters/redrive");
	ck_assert_int_eq(json_integer_value(json_object_get(json, "moved")), 2);
	json_decref(json);
	ck_assert_uint_eq(letters_of(ROOT), 0);
}
END_TEST

START_TEST(a_letter_can_be_removed_by_its_owner)
{
	char line[300];

	snprintf(line, sizeof line, "DELETE /v1/dead-letters/%s", his_letter);
	json_decref(ask(404, ANN, NULL, line));
	ck_assert_ptr_null(ask(204, BOB, NULL, line));
	json_decref(ask(404, BOB, NULL, line));
	snprintf(line, sizeof line, "DELETE /v1/dead-letters/%s", nobodys_letter);
	json_decref(ask(404, BOB, NULL, line));
	ck_assert_ptr_null(ask(204, ROOT, NULL, line));
}
END_TEST

START_TEST(wrong_members_are_refused)
{
	json_decref(ask(400, ANN JSON, "{\"ids\":[]}", "POST /v1/dead-letters/redrive"));
	json_decref(ask(400, ANN JSON, "{\"id\":5}", "POST /v1/dead-letters/redrive"));
}
END_TEST

START_TEST(a_queue_that_is_down_is_a_503)
{
	fake_fail("list_dead", VM_ERR_NO_MEMORY, "list: gone");
	json_decref(ask(503, ANN, NULL, "GET /v1/dead-letters"));
	json_decref(ask(503, ANN, NULL, "POST /v1/dead-letters/redrive"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("api_dead_letters");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_test(tests, an_owner_sees_his_own);
	tcase_add_test(tests, an_operator_sees_all);
	tcase_add_test(tests, one_letter_gets_another_chance);
	tcase_add_test(tests, all_means_all_of_ones_own);
	tcase_add_test(tests, a_letter_can_be_removed_by_its_owner);
	tcase_add_test(tests, wrong_members_are_refused);
	tcase_add_test(tests, a_queue_that_is_down_is_a_503);
	return run_tests(tests, "api_dead_letters");
}
