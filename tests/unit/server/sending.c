/* sending.c - one server and the upload of one video after the other to it. */
#include "sending.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "support/clock.h"
#include "video/keys.h"
#include "wire.h"

struct fake fake;
char line[1200];
char id[VIDEO_ID_MAX];
char *large;

void sending_start(void)
{
	fake_start(&fake, &(struct fake_options){0});
	large = malloc(LARGE);
	for (unsigned i = 0; i < LARGE; i++)
		large[i] = (char)(i * 2654435761u >> 24);
}

void sending_stop(void)
{
	free(large);
	fake_stop(&fake);
}

void create(const char *body)
{
	struct wire_answer answer;
	const json_t *request;
	const char *url;
	json_t *json;

	wire_ask(fake.port, "POST /v1/videos", "Content-Type: application/json\r\n", body, &answer);
	ck_assert_int_eq(answer.status, 201);
	json = json_loads(answer.body, 0, NULL);
	request = json_array_get(json_object_get(json_object_get(json, "upload"), "requests"), 0);
	url = json_string_value(json_object_get(request, "url"));
	snprintf(line, sizeof line, "PUT %s", strstr(url, "/v1/"));
	snprintf(id, sizeof id, "%s",
	         json_string_value(json_object_get(json_object_get(json, "video"), "id")));
	json_decref(json);
	wire_free(&answer);
}

void expect(int status, const char *request, const char *headers, const void *body, size_t length,
            const char *detail)
{
	struct wire_answer answer;

	wire_ask_bytes(fake.port, request, headers, body, length, &answer);
	ck_assert_msg(answer.status == status, "%d instead of %d: %s", answer.status, status,
	              answer.body);
	ck_assert_msg(strstr(answer.body, detail) != NULL, "%s", answer.body);
	wire_free(&answer);
}

enum video_state state_now(void)
{
	struct video video;

	ck_assert_int_eq(videos_get(&fake.server, id, NULL, &video, NULL, NULL), VM_OK);
	return video.state;
}

size_t objects(void)
{
	return fake_storage_objects(fake.server.places.storage_unprocessed->self);
}

size_t uploads(void)
{
	return fake_storage_uploads(fake.server.places.storage_unprocessed->self);
}

static unsigned uploads_in_hand(void)
{
	unsigned count;

	pthread_mutex_lock(&fake.http->lock);
	count = fake.http->uploads;
	pthread_mutex_unlock(&fake.http->lock);
	return count;
}

void wait_until_clean(void)
{
	int64_t until_ms = clock_monotonic_ms() + 30000;

	while (uploads_in_hand() > 0 && clock_monotonic_ms() < until_ms)
		cancel_sleep_ms(NULL, 1);
	ck_assert_uint_eq(uploads(), 0);
}

void expect_source(const char *bytes, size_t length)
{
	char *found = malloc(length + 1);
	char key[VM_KEY_MAX];
	size_t got;

	ck_assert_int_eq(storage_read_at(fake.server.places.storage_unprocessed, key_source(id, key),
	                                 NULL, 0, found, length + 1, &got, NULL, NULL),
	                 VM_OK);
	ck_assert_uint_eq(got, length);
	ck_assert_int_eq(memcmp(found, bytes, length), 0);
	free(found);
}
