/* test_json.c - members by type, and errors that name the member and keep secrets. */
#include "support/json.h"

#include <string.h>

#include "run.h"

static json_t *object;

static void set_up(void)
{
	static const char text[] =
	    "{\"text\":\"hello\",\"int\":-5,\"big\":9223372036854775807,\"yes\":true,\"no\":false,"
	    "\"null\":null,\"real\":1.5,\"list\":[]}";

	ck_assert_int_eq(json_read_object(text, sizeof text - 1, &object, NULL), VM_OK);
}

static void tear_down(void)
{
	json_decref(object);
}

static void check_refused(const char *text, const char *expected)
{
	json_t *read = NULL;
	struct vm_error err;

	ck_assert_int_eq(json_read_object(text, strlen(text), &read, &err), VM_ERR_BAD_DATA);
	ck_assert_ptr_null(read);
	ck_assert_str_eq(err.message, expected);
}

START_TEST(only_one_whole_object_is_read)
{
	check_refused("", "no JSON object: line 1, column 0: '[' or '{' expected");
	check_refused("[1]", "no JSON object: an array");
	check_refused("{\"a\":1} x", "no JSON object: line 1, column 9: end of file expected");
	check_refused("{\"a\":1,\"a\":2}", "no JSON object: line 1, column 10: duplicate object key");
}
END_TEST

START_TEST(an_error_does_not_quote_the_text)
{
	struct vm_error err;
	static const char text[] = "{\"ticket\":\"5ec4e7\" \"next\":1}";

	ck_assert_int_eq(json_read_object(text, sizeof text - 1, &object, &err), VM_ERR_BAD_DATA);
	ck_assert_ptr_null(strstr(err.message, "next"));
	ck_assert_ptr_null(strstr(err.message, "5ec4e7"));
}
END_TEST

START_TEST(a_text_must_fit)
{
	struct vm_error err;
	char text[6] = "?";

	ck_assert_int_eq(json_get_text(object, "text", text, 6, &err), VM_OK);
	ck_assert_str_eq(text, "hello");
	ck_assert_int_eq(json_get_text(object, "text", text, 5, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, "member text: longer than 4 bytes");
	ck_assert_int_eq(json_get_text(object, "int", text, 6, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, "member int: not a string");
	ck_assert_str_eq(text, "hello");
	ck_assert_int_eq(json_get_text(object, "null", text, 6, &err), VM_OK);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(an_integer_is_whole)
{
	struct vm_error err;
	int64_t number = 0;

	ck_assert_int_eq(json_get_int(object, "int", 1, &number, &err), VM_OK);
	ck_assert_int_eq(number, -5);
	ck_assert_int_eq(json_get_int(object, "absent", 7, &number, &err), VM_OK);
	ck_assert_int_eq(number, 7);
	ck_assert_int_eq(json_get_int(object, "null", 8, &number, &err), VM_OK);
	ck_assert_int_eq(number, 8);
	ck_assert_int_eq(json_get_int(object, "real", 9, &number, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, "member real: not an integer");
	ck_assert_int_eq(number, 8);
}
END_TEST

START_TEST(a_count_is_not_negative)
{
	struct vm_error err;
	uint64_t count = 0;

	ck_assert_int_eq(json_get_count(object, "big", 1, &count, &err), VM_OK);
	ck_assert_uint_eq(count, INT64_MAX);
	ck_assert_int_eq(json_get_count(object, "absent", UINT64_MAX, &count, &err), VM_OK);
	ck_assert_uint_eq(count, UINT64_MAX);
	ck_assert_int_eq(json_get_count(object, "int", 1, &count, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, "member int: negative");
	ck_assert_int_eq(json_get_count(object, "list", 1, &count, &err), VM_ERR_BAD_DATA);
	ck_assert_uint_eq(count, UINT64_MAX);
}
END_TEST

START_TEST(a_bool_is_true_or_false)
{
	struct vm_error err;
	bool value = false;

	ck_assert_int_eq(json_get_bool(object, "yes", false, &value, &err), VM_OK);
	ck_assert(value);
	ck_assert_int_eq(json_get_bool(object, "no", true, &value, &err), VM_OK);
	ck_assert(!value);
	ck_assert_int_eq(json_get_bool(object, "absent", true, &value, &err), VM_OK);
	ck_assert(value);
	ck_assert_int_eq(json_get_bool(object, "int", false, &value, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, "member int: neither true nor false");
}
END_TEST

START_TEST(what_is_written_is_compact)
{
	json_t *value = json_pack("{s:[i,s],s:n}", "a", 1, "ü", "b");
	char *text = json_write(value);

	ck_assert_str_eq(text, "{\"a\":[1,\"ü\"],\"b\":null}");
	free(text);
	json_decref(value);
}
END_TEST

START_TEST(a_text_that_is_no_utf_8_is_escaped_and_fits)
{
	json_t *whole = json_text("Zürich", SIZE_MAX), *broken = json_text("a\xFFz", SIZE_MAX);
	json_t *cut = json_text("abc\xE3\x81", 8);

	ck_assert_str_eq(json_string_value(whole), "Zürich");
	ck_assert_str_eq(json_string_value(broken), "a\\xffz");
	ck_assert_str_eq(json_string_value(cut), "abc\\xe3");
	json_decref(whole);
	json_decref(broken);
	json_decref(cut);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("json");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, only_one_whole_object_is_read);
	tcase_add_test(tests, an_error_does_not_quote_the_text);
	tcase_add_test(tests, a_text_must_fit);
	tcase_add_test(tests, an_integer_is_whole);
	tcase_add_test(tests, a_count_is_not_negative);
	tcase_add_test(tests, a_bool_is_true_or_false);
	tcase_add_test(tests, what_is_written_is_compact);
	tcase_add_test(tests, a_text_that_is_no_utf_8_is_escaped_and_fits);
	return run_tests(tests, "json");
}
