/* test_headers.c - no stranger's word makes a header, and no answer fills the memory. */
#include "http/headers.h"

#include <string.h>

#include "run.h"

static struct http_headers headers;

static void start(void)
{
	headers = (struct http_headers){0};
}

static void end(void)
{
	http_headers_finish(&headers);
}

START_TEST(names_are_found_in_any_case)
{
	ck_assert_int_eq(http_headers_add(&headers, NULL, "Content-Type", "video/%s", "mp4"), VM_OK);
	ck_assert_int_eq(http_headers_add(&headers, NULL, "content-type", "second"), VM_OK);
	ck_assert_str_eq(headers.items[0].name, "content-type");
	ck_assert_str_eq(http_headers_find(&headers, "CONTENT-type"), "video/mp4");
	ck_assert_ptr_null(http_headers_find(&headers, "content"));
}
END_TEST

static const struct {
	const char *name, *value;
	size_t length;
} injections[] = {
    {"x-amz-meta-a", "a\r\nx-amz-acl: public-read", 25},
    {"x-amz-meta-a", "a\nb", 3},
    {"x-amz-meta-a", "a\r", 2},
    {"x-amz-meta-a", "a\0b", 3},
    {"a\r\nb", "c", 1},
    {"a\n", "c", 1},
};

START_TEST(what_ends_a_line_is_refused)
{
	struct vm_error err;

	ck_assert_int_eq(http_headers_add_bytes(&headers, &err, injections[_i].name,
	                                        strlen(injections[_i].name), injections[_i].value,
	                                        injections[_i].length),
	                 VM_ERR_BAD_DATA);
	ck_assert_uint_eq(headers.count, 0);
}
END_TEST

START_TEST(lines_are_counted)
{
	for (int i = 0; i < 256; i++)
		ck_assert_int_eq(http_headers_add(&headers, NULL, "a", "%d", i), VM_OK);
	ck_assert_int_eq(http_headers_add(&headers, NULL, "a", "b"), VM_ERR_LIMIT);
	ck_assert_uint_eq(headers.count, 256);
}
END_TEST

START_TEST(bytes_are_counted)
{
	static char value[(200 << 10) + 1];

	memset(value, 'v', sizeof value - 1);
	ck_assert_int_eq(http_headers_add(&headers, NULL, "a", "%s", value), VM_OK);
	ck_assert_int_eq(http_headers_add(&headers, NULL, "b", "%s", value), VM_ERR_LIMIT);
	http_headers_finish(&headers);
	ck_assert_int_eq(http_headers_add(&headers, NULL, "b", "%s", value), VM_OK);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("headers");

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, names_are_found_in_any_case);
	tcase_add_loop_test(tests, what_ends_a_line_is_refused, 0,
	                    sizeof injections / sizeof *injections);
	tcase_add_test(tests, lines_are_counted);
	tcase_add_test(tests, bytes_are_counted);
	return run_tests(tests, "headers");
}
