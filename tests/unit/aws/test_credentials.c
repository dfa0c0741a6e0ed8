/* test_credentials.c - keys that end: renewed in time, by one, while the others go on. */
#include "aws/credentials.h"

#include <pthread.h>
#include <string.h>

#include "chain.h"
#include "unit/http/patience.h"

#define REFUSAL "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"
#define THREADS 8

/* The container gives these keys, one after the other. */
static struct peer *contain(const struct peer_step *steps, size_t count)
{
	struct peer *peer = peer_start(steps, count);

	place_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", peer_url(peer));
	return peer;
}

static void assert_id(const char *id)
{
	ck_assert_int_eq(chain_get(), VM_OK);
	ck_assert_str_eq(chain.keys.id, id);
}

START_TEST(keys_are_fetched_once)
{
	char *keys = chain_answer("a", 301 + 60);
	const struct peer_step steps[] = {{PEER_ANSWER, keys, 0}};
	struct peer *peer = contain(steps, 1);

	for (int i = 0; i < 100; i++)
		assert_id("a");
	ck_assert_uint_eq(peer_requests(peer), 1);
	peer_stop(peer);
	free(keys);
}
END_TEST

START_TEST(keys_are_renewed_five_minutes_before_their_end)
{
	char *old = chain_answer("old", 299), *new = chain_answer("new", 3600);
	const struct peer_step steps[] = {{PEER_ANSWER, old, 0}, {PEER_ANSWER, new, 0}};
	struct peer *peer = contain(steps, 2);

	assert_id("old");
	assert_id("new");
	assert_id("new");
	ck_assert_uint_eq(peer_requests(peer), 2);
	peer_stop(peer);
	free(old);
	free(new);
}
END_TEST

static void *get(void *ctx)
{
	struct aws_keys *keys = ctx;

	ck_assert_int_eq(aws_credentials_get(chain.credentials, keys, NULL, NULL), VM_OK);
	return NULL;
}

START_TEST(one_renews_while_the_others_go_on)
{
	char *old = chain_answer("old", 200);
	const struct peer_step steps[] = {{PEER_ANSWER, old, 0}, {PEER_STAY, NULL, 0}};
	struct peer *peer = contain(steps, 2);
	pthread_t renewing;
	struct aws_keys keys;
	int64_t start_ms;

	assert_id("old");
	ck_assert_int_eq(pthread_create(&renewing, NULL, get, &keys), 0);
	peer_wait(peer, 2);
	start_ms = patience_now_ms();
	for (int i = 0; i < 100; i++)
		assert_id("old");
	ck_assert_int_lt(patience_now_ms() - start_ms, 1500);
	ck_assert_uint_eq(peer_requests(peer), 2);
	/* The silence ends, and the old keys are good enough for the one as well. */
	pthread_join(renewing, NULL);
	ck_assert_str_eq(keys.id, "old");
	ck_assert_ptr_nonnull(strstr(chain.log, "keys are not renewed, the old ones are used"));
	/* Not asked again at once. */
	assert_id("old");
	ck_assert_uint_eq(peer_requests(peer), 2);
	peer_stop(peer);
	free(old);
}
END_TEST

START_TEST(all_wait_for_the_first_keys_and_one_fetches_them)
{
	char *keys = chain_answer("a", 3600);
	const struct peer_step steps[] = {{PEER_ANSWER, keys, 0}};
	struct peer *peer = contain(steps, 1);
	pthread_t threads[THREADS];
	static struct aws_keys found[THREADS];

	ck_assert_int_eq(aws_credentials_create(&chain.settings, &chain.credentials, NULL), VM_OK);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, get, &found[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_str_eq(found[i].id, "a");
	}
	ck_assert_uint_eq(peer_requests(peer), 1);
	peer_stop(peer);
	free(keys);
}
END_TEST

START_TEST(one_who_waits_can_be_cancelled)
{
	static const struct peer_step steps[] = {{PEER_STAY, NULL, 0}};
	struct peer *peer = contain(steps, 1);
	struct patience patience;
	struct aws_keys keys;
	int64_t start_ms = patience_now_ms();

	ck_assert_int_eq(aws_credentials_create(&chain.settings, &chain.credentials, NULL), VM_OK);
	patience_cancel_after(&patience, 100, true);
	ck_assert_int_eq(aws_credentials_get(chain.credentials, &keys, &patience.call, NULL),
	                 VM_ERR_CANCELLED);
	ck_assert_int_lt(patience_now_ms() - start_ms, 1500);
	patience_finish(&patience);
	peer_stop(peer);
}
END_TEST

START_TEST(keys_that_have_ended_are_not_used)
{
	char *old = chain_answer("old", -1), *new = chain_answer("new", 3600);
	const struct peer_step steps[] = {
	    {PEER_ANSWER, old, 0}, {PEER_ANSWER, REFUSAL, 0}, {PEER_ANSWER, new, 0}};
	struct peer *peer = contain(steps, 3);

	assert_id("old");
	ck_assert_int_eq(chain_get(), VM_ERR_UNAVAILABLE);
	assert_id("new");
	peer_stop(peer);
	free(old);
	free(new);
}
END_TEST

/* "Static stability": the services take them, for as long as no new ones are to be had. */
START_TEST(a_machines_keys_that_have_ended_are_used)
{
	char *old = chain_answer("old", -1);
	const struct peer_step steps[] = {
	    {PEER_ANSWER, "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsession", 0},
	    {PEER_ANSWER, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nrole", 0},
	    {PEER_ANSWER, old, 0},
	    {PEER_ANSWER, REFUSAL, 0},
	};
	struct peer *peer = PEER_START(steps);

	place_set("AWS_EC2_METADATA_DISABLED", "false");
	place_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", peer_url(peer));
	assert_id("old");
	assert_id("old");
	assert_id("old");
	ck_assert_uint_eq(peer_requests(peer), 4);
	peer_stop(peer);
	free(old);
}
END_TEST

START_TEST(keys_that_a_service_calls_expired_are_renewed)
{
	char *old = chain_answer("old", 3600), *new = chain_answer("new", 3600);
	const struct peer_step steps[] = {{PEER_ANSWER, old, 0}, {PEER_ANSWER, new, 0}};
	struct peer *peer = contain(steps, 2);
	static struct aws_keys keys;

	assert_id("old");
	keys = chain.keys;
	aws_credentials_expired(chain.credentials, &keys);
	assert_id("new");
	/* The old ones are not meant by then. */
	aws_credentials_expired(chain.credentials, &keys);
	assert_id("new");
	ck_assert_uint_eq(peer_requests(peer), 2);
	peer_stop(peer);
	free(old);
	free(new);
}
END_TEST

START_TEST(the_provider_that_had_keys_stays_the_one)
{
	char *old = chain_answer("old", -1);
	const struct peer_step steps[] = {{PEER_ANSWER, old, 0}};
	struct peer *peer = contain(steps, 1);

	assert_id("old");
	place_set("AWS_ACCESS_KEY_ID", "another");
	place_set("AWS_SECRET_ACCESS_KEY", SECRET);
	ck_assert_int_eq(unsetenv("AWS_CONTAINER_CREDENTIALS_FULL_URI"), 0);
	ck_assert_int_eq(chain_get(), VM_ERR_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(chain.err.message, "the container's endpoint has no keys"));
	peer_stop(peer);
	free(old);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("credentials");

	tcase_add_checked_fixture(tests, chain_open, chain_close);
	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, keys_are_fetched_once);
	tcase_add_test(tests, keys_are_renewed_five_minutes_before_their_end);
	tcase_add_test(tests, one_renews_while_the_others_go_on);
	tcase_add_test(tests, all_wait_for_the_first_keys_and_one_fetches_them);
	tcase_add_test(tests, one_who_waits_can_be_cancelled);
	tcase_add_test(tests, keys_that_have_ended_are_not_used);
	tcase_add_test(tests, a_machines_keys_that_have_ended_are_used);
	tcase_add_test(tests, keys_that_a_service_calls_expired_are_renewed);
	tcase_add_test(tests, the_provider_that_had_keys_stays_the_one);
	return run_tests(tests, "credentials");
}
