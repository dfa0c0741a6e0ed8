/* test_event.c - what S3 tells a queue, in every form, and what it does not tell us. */
#include <stdarg.h>
#include <string.h>

#include "run.h"
#include "s3.h"

/* What was emitted, a line each: "removed? key etag sequencer bytes". */
static char told[4096];
static struct s3_config config;
static struct vm_error err;

static void start(void)
{
	config = (struct s3_config){.bucket = "ours", .prefix = ""};
	told[0] = '\0';
}

static enum vm_more emit(void *ctx, const struct vm_storage_event *event)
{
	size_t length = strlen(told);

	snprintf(told + length, sizeof told - length, "%s%s %s %s %llu\n",
	         event->removed ? "removed " : "", event->key, event->etag != NULL ? event->etag : "-",
	         event->sequencer != NULL ? event->sequencer : "-", (unsigned long long)event->bytes);
	return ctx != NULL ? VM_STOP : VM_MORE;
}

static int decode_bytes(const char *message, size_t length, void *ctx)
{
	struct s3 s3 = {.config = &config};

	err = (struct vm_error){0};
	return s3_decode_event(&s3, message, length, emit, ctx, &err);
}

static int decode(const char *message)
{
	return decode_bytes(message, strlen(message), NULL);
}

#define RECORD(version, name, bucket, object)                                                      \
	"{\"eventVersion\":\"" version "\",\"eventSource\":\"aws:s3\",\"eventName\":\"" name           \
	"\",\"s3\":{\"s3SchemaVersion\":\"1.0\",\"bucket\":{\"name\":\"" bucket                        \
	"\"},\"object\":" object "}}"
#define RECORDS(records) "{\"Records\":[" records "]}"
#define OBJECT(key)                                                                                \
	"{\"key\":\"" key "\",\"size\":1024,\"eTag\":\"d41d8\",\"sequencer\":\"0055AED6DCD90281E5\"}"
#define CREATED(key) RECORD("2.1", "ObjectCreated:Put", "ours", OBJECT(key))
#define TOLD(key) key " d41d8 0055AED6DCD90281E5 1024\n"
#define BRIDGE(type, bucket, key)                                                                  \
	"{\"version\":\"0\",\"source\":\"aws.s3\",\"detail-type\":\"" type                             \
	"\",\"detail\":{\"bucket\":{\"name\":\"" bucket "\"},\"object\":{\"key\":\"" key               \
	"\",\"size\":5,\"etag\":\"b1\",\"sequencer\":\"00\"}}}"

static const struct {
	const char *message, *told;
} messages[] = {
    {RECORDS(CREATED("unprocessed/a/source")), TOLD("unprocessed/a/source")},
    {RECORDS(CREATED("a") "," CREATED("b") "," CREATED("c")), TOLD("a") TOLD("b") TOLD("c")},
    /* Keys are form-encoded. */
    {RECORDS(CREATED("a+b%2B%C3%BC%25/x%2fy")), TOLD("a b+ü%/x/y")},
    {RECORDS(CREATED("unprocessed%2Fa+b")), TOLD("unprocessed/a b")},
    {RECORDS(CREATED("\\u00fc \\\"q\\\"")), TOLD("ü \"q\"")},
    {RECORDS(CREATED("%") "," CREATED("%4") "," CREATED("%4g") "," CREATED("a%00b") "," CREATED(
         "good")),
     TOLD("good")},
    /* Other versions of the same form, and more than is known. */
    {RECORDS(RECORD("2.6", "ObjectCreated:CompleteMultipartUpload", "ours", OBJECT("a"))),
     TOLD("a")},
    {"{\"Records\":[" CREATED("a") "],\"more\":[1]}", TOLD("a")},
    {RECORDS(RECORD("2.1", "ObjectCreated:Put", "ours", "{\"key\":\"a\"}")), "a - - 0\n"},
    {RECORDS(RECORD("2.1", "ObjectCreated:Put", "ours",
                    "{\"key\":\"a\",\"size\":-1,\"eTag\":7,\"sequencer\":null}")),
     "a - - 0\n"},
    {RECORDS(RECORD("2.1", "ObjectCreated:Put", "ours", "{\"key\":\"a\",\"size\":53687091200000}")),
     "a - - 53687091200000\n"},
    /* What went away. */
    {RECORDS(RECORD("2.1", "ObjectRemoved:Delete", "ours", "{\"key\":\"a\",\"sequencer\":\"1\"}")),
     "removed a - 1 0\n"},
    {RECORDS(RECORD("2.1", "ObjectRemoved:DeleteMarkerCreated", "ours", "{\"key\":\"a\"}")),
     "removed a - - 0\n"},
    {RECORDS(RECORD("2.3", "LifecycleExpiration:Delete", "ours", "{\"key\":\"a\"}")),
     "removed a - - 0\n"},
    /* Nothing came and nothing went. */
    {RECORDS(RECORD("2.1", "ObjectTagging:Put", "ours", OBJECT("a"))), ""},
    {RECORDS(RECORD("2.1", "ObjectRestore:Completed", "ours", OBJECT("a"))), ""},
    {RECORDS(RECORD("2.1", "", "ours", OBJECT("a"))), ""},
    {RECORDS(""), ""},
    /* None of ours. */
    {RECORDS(RECORD("2.1", "ObjectCreated:Put", "theirs", OBJECT("a")) "," CREATED("b")),
     TOLD("b")},
    {RECORDS(RECORD("2.1", "ObjectCreated:Put", "ours", "{}")), ""},
    {RECORDS(RECORD("2.1", "ObjectCreated:Put", "ours", "[]")), ""},
    {RECORDS(RECORD("2.1", "ObjectCreated:Put", "ours", "{\"key\":\"\"}")), ""},
    {RECORDS("{\"eventVersion\":\"2.1\",\"eventName\":\"ObjectCreated:Put\"}"), ""},
    /* Said once, when a notification is configured. */
    {"{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"ours\"}", ""},
    /* EventBridge does not encode. */
    {BRIDGE("Object Created", "ours", "a+b%2B"), "a+b%2B b1 00 5\n"},
    {BRIDGE("Object Deleted", "ours", "a"), "removed a b1 00 5\n"},
    {BRIDGE("Object Tags Added", "ours", "a"), ""},
    {BRIDGE("Object Created", "theirs", "a"), ""},
    {"{\"source\":\"aws.s3\"}", ""},
};

START_TEST(a_message_is_told_in_its_records)
{
	ck_assert_int_eq(decode(messages[_i].message), VM_OK);
	ck_assert_str_eq(told, messages[_i].told);
}
END_TEST

static const char *const garbage[] = {
    "",
    " ",
    "no event",
    "[]",
    "\"Records\"",
    "null",
    "{}",
    "{\"Records\":{}}",
    "{\"Records\":[1]}",
    "{\"Records\":[{}]}",
    "{\"Records\":[{\"eventVersion\":2.1}]}",
    RECORDS(RECORD("1.9", "ObjectCreated:Put", "ours", OBJECT("a"))),
    RECORDS(RECORD("3.0", "ObjectCreated:Put", "ours", OBJECT("a"))),
    RECORDS(RECORD("20.1", "ObjectCreated:Put", "ours", OBJECT("a"))),
    "{\"Event\":\"s3:Another\"}",
    "{\"source\":\"aws.ec2\",\"detail-type\":\"Object Created\"}",
    RECORDS(CREATED("a")) "{}",
    RECORDS(CREATED("\xff")),
    RECORDS(CREATED("\\u0000")),
};

START_TEST(what_is_no_event_is_refused)
{
	ck_assert_int_eq(decode(garbage[_i]), VM_ERR_BAD_DATA);
	ck_assert_int_eq(err.status, VM_ERR_BAD_DATA);
	ck_assert_str_ne(err.message, "");
	ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(a_message_is_as_long_as_it_is_said_to_be)
{
	static const char message[] = RECORDS(CREATED("a")) "garbage behind";

	ck_assert_int_eq(decode_bytes(message, strlen(RECORDS(CREATED("a"))), NULL), VM_OK);
	ck_assert_str_eq(told, TOLD("a"));
	for (size_t length = 0; length < strlen(RECORDS(CREATED("a"))); length++)
		ck_assert_int_eq(decode_bytes(message, length, NULL), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(our_share_of_the_bucket_is_what_has_its_prefix)
{
	config.prefix = "team/ü ";
	ck_assert_int_eq(decode(RECORDS(CREATED("team/%C3%BC+a") "," CREATED("team/a") "," CREATED(
	                     "team/%C3%BC+") "," CREATED("a"))),
	                 VM_OK);
	ck_assert_str_eq(told, TOLD("a"));
}
END_TEST

START_TEST(the_host_may_have_enough)
{
	ck_assert_int_eq(decode_bytes(RECORDS(CREATED("a") "," CREATED("b")),
	                              strlen(RECORDS(CREATED("a") "," CREATED("b"))), told),
	                 VM_OK);
	ck_assert_str_eq(told, TOLD("a"));
}
END_TEST

START_TEST(a_key_of_any_length)
{
	static char message[64 << 10], key[32 << 10];

	for (size_t length = 1; length < sizeof key; length = length * 3 / 2 + 1) {
		memset(key, 'k', length);
		key[length] = '\0';
		snprintf(message, sizeof message, RECORDS(CREATED("%s")), key);
		ck_assert_int_eq(decode(message), VM_OK);
		ck_assert_int_eq(told[0] == 'k', length < 3 * VM_KEY_MAX);
		told[0] = '\0';
	}
}
END_TEST

#define LENGTH(array) (int)(sizeof(array) / sizeof *(array))

int main(void)
{
	TCase *tests = tcase_create("event");

	tcase_add_checked_fixture(tests, start, NULL);
	tcase_add_loop_test(tests, a_message_is_told_in_its_records, 0, LENGTH(messages));
	tcase_add_loop_test(tests, what_is_no_event_is_refused, 0, LENGTH(garbage));
	tcase_add_test(tests, a_message_is_as_long_as_it_is_said_to_be);
	tcase_add_test(tests, our_share_of_the_bucket_is_what_has_its_prefix);
	tcase_add_test(tests, the_host_may_have_enough);
	tcase_add_test(tests, a_key_of_any_length);
	return run_tests(tests, "event");
}
