/* test_diagnostics.c - what is wrong with a file is told in the order of its lines. */
#include "support/diagnostics.h"

#include "run.h"

static char *print(const struct diagnostics *list)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	ck_assert_ptr_nonnull(out);
	diagnostics_print(list, out);
	fclose(out);
	return text;
}

START_TEST(nothing_wrong_prints_nothing)
{
	struct diagnostics list = {0};
	char *text = print(&list);

	ck_assert_str_eq(text, "");
	free(text);
	diagnostics_finish(&list);
}
END_TEST

START_TEST(lines_stand_in_order_and_each_keeps_its_own)
{
	struct diagnostics list = {0};
	char *text;

	diagnostics_error(&list, "b.cfg", 3, "third of %s", "b");
	diagnostics_error(&list, "a.cfg", 14, "fourteenth");
	diagnostics_warning(&list, "a.cfg", 2, "second, %d", 1);
	diagnostics_error(&list, "a.cfg", 2, "second, 2");
	diagnostics_error(&list, "a.cfg", 0, "the whole file");
	diagnostics_error(&list, NULL, 0, "the whole run");
	text = print(&list);
	ck_assert_str_eq(text, "error: the whole run\n"
	                       "a.cfg: error: the whole file\n"
	                       "a.cfg:2: warning: second, 1\n"
	                       "a.cfg:2: error: second, 2\n"
	                       "a.cfg:14: error: fourteenth\n"
	                       "b.cfg:3: error: third of b\n");
	ck_assert_uint_eq(list.count, 6);
	ck_assert_uint_eq(list.errors, 5);
	ck_assert(!list.incomplete);
	free(text);
	diagnostics_finish(&list);
	ck_assert_uint_eq(list.count, 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("diagnostics");

	tcase_add_test(tests, nothing_wrong_prints_nothing);
	tcase_add_test(tests, lines_stand_in_order_and_each_keeps_its_own);
	return run_tests(tests, "diagnostics");
}
