/* test_document.c - a document, a message, a key and a manifest survive their JSON. */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "run.h"
#include "support/json.h"
#include "video/keys.h"
#include "video/manifest.h"

START_TEST(a_document_reads_as_it_was_written)
{
	struct video videos[] = {queued_video(), dispatched_video(), processing_video(), failed_video(),
	                         processed_video()};

	for (size_t i = 0; i < sizeof videos / sizeof videos[0]; i++) {
		json_t *json = video_to_json(&videos[i]);
		struct video back;

		ck_assert_ptr_nonnull(json);
		ck_assert_int_eq(video_from_json(json, videos[i].version, &back, NULL), VM_OK);
		ck_assert_mem_eq(&back, &videos[i], sizeof back);
		json_decref(json);
	}
}
END_TEST

START_TEST(a_document_of_another_schema_is_refused)
{
	json_t *json = json_pack("{s:i, s:s, s:s}", "schema", 2, "id", ID, "state", "queued");
	struct vm_error err;
	struct video video;

	ck_assert_int_eq(video_from_json(json, 1, &video, &err), VM_ERR_BAD_DATA);
	ck_assert_ptr_nonnull(strstr(err.message, "schema"));
	json_decref(json);
}
END_TEST

START_TEST(a_wrong_member_is_named)
{
	json_t *json = json_pack("{s:i, s:s, s:s}", "schema", 1, "id", ID, "state", "dancing");
	struct vm_error err;
	struct video video;

	ck_assert_int_eq(video_from_json(json, 1, &video, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, "member state: unknown word \"dancing\"");
	json_object_set_new(json, "state", json_string("queued"));
	json_object_set_new(json, "epoch", json_string("one"));
	ck_assert_int_eq(video_from_json(json, 1, &video, &err), VM_ERR_BAD_DATA);
	ck_assert_ptr_nonnull(strstr(err.message, "epoch"));
	json_decref(json);
}
END_TEST

START_TEST(a_client_sees_no_secret)
{
	struct video video = processing_video();
	json_t *json = video_to_public_json(&video);
	char *text = json_write(json);

	ck_assert_ptr_null(strstr(text, TICKET));
	ck_assert_ptr_null(strstr(text, NONCE));
	ck_assert_ptr_nonnull(strstr(text, "\"processing\""));
	free(text);
	json_decref(json);
}
END_TEST

START_TEST(messages_read_as_they_were_written)
{
	struct event event = event_of(EVENT_PROGRESS), event_back;
	struct job job = {.video = ID, .generation = 1, .epoch = 2, .ticket = TICKET, .key = "k"};
	struct job job_back;
	char id[VIDEO_ID_MAX];
	char *text;

	event.progress = (struct video_progress){.stage = "web", .done_ms = 5, .speed = 1.5};
	text = event_write(&event);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(event_read(text, strlen(text), &event_back, NULL), VM_OK);
	ck_assert_mem_eq(&event, &event_back, sizeof event);
	ck_assert_int_eq(task_message_read(text, strlen(text), id, NULL), VM_ERR_BAD_DATA);
	free(text);
	text = job_write(&job);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(job_read(text, &job_back, NULL), VM_OK);
	ck_assert_mem_eq(&job, &job_back, sizeof job);
	free(text);
	text = task_message_write(ID);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(task_message_read(text, strlen(text), id, NULL), VM_OK);
	ck_assert_str_eq(id, ID);
	ck_assert_int_eq(event_read(text, strlen(text), &event_back, NULL), VM_ERR_BAD_DATA);
	free(text);
}
END_TEST

START_TEST(only_our_own_keys_are_sources)
{
	char key[VM_KEY_MAX], id[VIDEO_ID_MAX] = "";

	ck_assert(key_read_source(key_source(ID, key), id));
	ck_assert_str_eq(id, ID);
	ck_assert(!key_read_source("unprocessed/" ID "/source2", id));
	ck_assert(!key_read_source("unprocessed/" ID, id));
	ck_assert(!key_read_source("unprocessed/0123456789ABCDEF0123456789abcdef/source", id));
	ck_assert(!key_read_source("processed/" ID "/source", id));
	ck_assert(!key_read_source("", id));
	ck_assert_str_eq(key_manifest(ID, 1, 2, NONCE, key),
	                 "processed/" ID "/1-2-" NONCE "/manifest.json");
}
END_TEST

START_TEST(a_manifest_keeps_its_outputs_in_order)
{
	static const char *const names[] = {"web/b.mp4", "web/a.mp4", "web/a/x.m4s"};
	struct manifest manifest = {.video = ID, .epoch = 1}, back;
	char *text;

	for (size_t i = 0; i < 3; i++) {
		struct manifest_output output = {.bytes = i + 1};

		snprintf(output.name, sizeof output.name, "%s", names[i]);
		memset(output.sha256, 'a', 64);
		ck_assert_int_eq(manifest_add(&manifest, &output, NULL), VM_OK);
	}
	text = manifest_write(&manifest);
	ck_assert_int_eq(manifest_read(text, strlen(text), &back, NULL), VM_OK);
	ck_assert_uint_eq(back.n_outputs, 3);
	ck_assert_str_eq(back.outputs[0].name, "web/a.mp4");
	ck_assert_uint_eq(manifest_find(&back, "web/a/x.m4s")->bytes, 3);
	ck_assert_ptr_null(manifest_find(&back, "web/c"));
	free(text);
	manifest_finish(&manifest);
	manifest_finish(&back);
}
END_TEST

/* NULL when it is read, else what is wrong with it. */
static const char *refuses(const char *outputs)
{
	static struct vm_error err;
	struct manifest manifest;
	char text[1024];
	int status;

	snprintf(text, sizeof text, "{\"video\":\"" ID "\",\"outputs\":[%s]}", outputs);
	status = manifest_read(text, strlen(text), &manifest, &err);
	manifest_finish(&manifest);
	ck_assert(status == VM_OK || status == VM_ERR_BAD_DATA);
	return status == VM_OK ? NULL : err.message;
}

#define HASH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OUTPUT(name_, type_)                                                                       \
	"{\"name\":\"" name_ "\",\"content_type\":\"" type_ "\",\"sha256\":\"" HASH "\"}"

START_TEST(a_manifest_names_nothing_outside_its_place)
{
	ck_assert_ptr_null(refuses(OUTPUT("web/a.mp4", "video/mp4")));
	ck_assert_ptr_nonnull(refuses(OUTPUT("../other/1-1-a/x", "video/mp4")));
	ck_assert_ptr_nonnull(refuses(OUTPUT("/x", "video/mp4")));
	ck_assert_ptr_nonnull(refuses(OUTPUT("", "video/mp4")));
	ck_assert_ptr_nonnull(refuses(OUTPUT("a", "a/b\\r\\nX: y")));
	ck_assert_ptr_nonnull(refuses("{\"name\":\"a\",\"sha256\":\"00\"}"));
	ck_assert_str_eq(refuses(OUTPUT("a", "") "," OUTPUT("a", "")), "output a: listed twice");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("document");

	tcase_add_test(tests, a_document_reads_as_it_was_written);
	tcase_add_test(tests, a_document_of_another_schema_is_refused);
	tcase_add_test(tests, a_wrong_member_is_named);
	tcase_add_test(tests, a_client_sees_no_secret);
	tcase_add_test(tests, messages_read_as_they_were_written);
	tcase_add_test(tests, only_our_own_keys_are_sources);
	tcase_add_test(tests, a_manifest_keeps_its_outputs_in_order);
	tcase_add_test(tests, a_manifest_names_nothing_outside_its_place);
	return run_tests(tests, "document");
}
