/* test_suite.c - AWS' own test suite of Signature Version 4, every example in both places. */
#include <dirent.h>
#include <string.h>

#include "example.h"
#include "run.h"

#define SUITE TEST_FOLDER "/../../data/aws/aws-signing-test-suite/v4"
#define EXAMPLES 38

/* The suite has requests of these, and no answers. vectors.json has both. */
static const char *const left_out[] = {"get-vanilla-query-order-key",
                                       "get-vanilla-query-order-value"};

static bool is_left_out(const char *name)
{
	for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
		if (strcmp(name, left_out[i]) == 0)
			return true;
	return false;
}

static struct aws_signed signed_of(struct example *example)
{
	return (struct aws_signed){.method = example->method,
	                           .path = example->path.bytes,
	                           .query = &example->query,
	                           .headers = &example->headers,
	                           .payload_hash = example->hash};
}

static void expect(const struct example *example, const char *file, const char *got)
{
	char *wanted = example_text(example, file);

	ck_assert_msg(wanted != NULL, "%s/%s is not there", example->folder, file);
	ck_assert_msg(strcmp(got, wanted) == 0, "%s/%s:\n%s\nbut wanted\n%s", example->folder, file,
	              got, wanted);
	free(wanted);
}

static const char *signature_in(const char *text, const char *name)
{
	const char *found = text != NULL ? strstr(text, name) : NULL;

	ck_assert_msg(found != NULL, "no signature in %s", text);
	return found + strlen(name);
}

static void open_example(struct example *example, const char *name)
{
	char folder[1024];

	snprintf(folder, sizeof folder, "%s/%s", SUITE, name);
	*example = (struct example){0};
	ck_assert_msg(example_read(example, folder), "%s cannot be read", folder);
}

/* The steps are taken once more from what was signed; a token that came after was not. */
static void expect_steps(struct example *example, const struct aws_signed *what)
{
	struct kit_buffer canonical, names, to_sign;

	kit_buffer_init(&canonical, SIZE_MAX / 2);
	kit_buffer_init(&names, SIZE_MAX / 2);
	kit_buffer_init(&to_sign, SIZE_MAX / 2);
	ck_assert_int_eq(aws_canonical_request(&example->signer, what, &canonical, &names, NULL),
	                 VM_OK);
	expect(example, "header-canonical-request.txt", canonical.bytes);
	ck_assert_int_eq(aws_string_to_sign(&example->signer, &canonical, &to_sign, NULL), VM_OK);
	expect(example, "header-string-to-sign.txt", to_sign.bytes);
	kit_buffer_finish(&to_sign);
	kit_buffer_finish(&names);
	kit_buffer_finish(&canonical);
}

static void sign_in_headers(const char *name)
{
	struct example example;
	struct aws_signed what;

	open_example(&example, name);
	what = signed_of(&example);
	if (example.sign_body)
		ck_assert_int_eq(
		    http_headers_add(&example.headers, NULL, "x-amz-content-sha256", "%s", example.hash),
		    VM_OK);
	ck_assert_int_eq(aws_sign_headers(&example.signer, &what, NULL), VM_OK);
	if (!example.signer.token_unsigned)
		expect_steps(&example, &what);
	expect(&example, "header-signature.txt",
	       signature_in(http_headers_find(&example.headers, "authorization"), "Signature="));
	example_finish(&example);
}

static void sign_in_query(const char *name)
{
	struct example example;
	struct aws_signed what;
	struct kit_buffer text;
	char signature[AWS_HASH_MAX];

	open_example(&example, name);
	what = signed_of(&example);
	kit_buffer_init(&text, SIZE_MAX / 2);
	ck_assert_int_eq(aws_sign_query(&example.signer, &what, example.expires_s, NULL), VM_OK);
	ck_assert_int_eq(aws_query_write(&example.query, &text, NULL), VM_OK);
	snprintf(signature, sizeof signature, "%s", signature_in(text.bytes, "X-Amz-Signature="));
	expect(&example, "query-signature.txt", signature);
	kit_buffer_finish(&text);
	example_finish(&example);
}

static void for_each_example(void (*look)(const char *name))
{
	DIR *folder = opendir(SUITE);
	const struct dirent *entry;
	unsigned count = 0;

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.' || is_left_out(entry->d_name))
			continue;
		look(entry->d_name);
		count++;
	}
	closedir(folder);
	ck_assert_uint_eq(count, EXAMPLES);
}

START_TEST(every_example_is_signed_in_its_headers)
{
	for_each_example(sign_in_headers);
}
END_TEST

START_TEST(every_example_is_signed_in_its_query)
{
	for_each_example(sign_in_query);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("suite");

	tcase_add_test(tests, every_example_is_signed_in_its_headers);
	tcase_add_test(tests, every_example_is_signed_in_its_query);
	return run_tests(tests, "suite");
}
