/* test_fields.c - what may be indexed, once or again, by an index that is used. */
#include <string.h>

#include "fixture.h"
#include "run.h"

START_TEST(a_field_whose_name_is_more_than_a_name_is_refused)
{
	static const char *const names[] = {
	    "",          "a.b",
	    "a'b",       "A",
	    "a1",        "a b",
	    "a)",        "\"",
	    "x\xC3\xA9", "a_name_that_is_longer_than_any_member_of_a_document_would_ever_be_called",
	};
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct vm_field field = {names[i], VM_FIELD_TEXT};

		ck_assert_int_eq(fixture.ops->index(fixture.self, &field, 1, NULL, &err),
		                 VM_ERR_UNSUPPORTED);
	}
	ck_assert_str_eq(run_sql(&fixture, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE"
	                                   " 'CREATE INDEX%'"),
	                 "4\n");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(only_indexed_fields_can_be_asked_for)
{
	struct vm_condition other = {.field = "other", .match = VM_MATCH_EQUAL, .text = "x"};
	struct vm_find by_condition = {.conditions = &other, .count = 1};
	struct vm_find by_order = {.order_by = "id'; DROP TABLE documents; --"};
	struct fixture fixture;
	struct vm_error err;
	uint64_t count = 99;

	fixture_init(&fixture);
	ck_assert_int_eq(fixture.ops->find(fixture.self, &by_condition, NULL, NULL, NULL, &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(err.message, "other"));
	ck_assert_int_eq(fixture.ops->find(fixture.self, &by_order, NULL, NULL, NULL, &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(fixture.ops->count(fixture.self, &by_condition, &count, NULL, &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_uint_eq(count, 99);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(indexing_again_makes_nothing_new_and_later_fields_see_old_documents)
{
	static const struct vm_field again[] = {{"state", VM_FIELD_TEXT}, {"late", VM_FIELD_INT}};
	struct vm_condition late = {.field = "late", .match = VM_MATCH_EQUAL, .number = 7};
	struct vm_find find = {.conditions = &late, .count = 1};
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	expect_put(&fixture, "old", 0, "{\"late\":7}");
	for (int i = 0; i < 2; i++)
		expect_ok(&err, fixture.ops->index(fixture.self, again, 2, NULL, &err));
	expect_put(&fixture, "new", 0, "{\"late\":7}");
	ck_assert_str_eq(found(&fixture, &find), "new old ");
	ck_assert_str_eq(run_sql(&fixture, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE"
	                                   " 'CREATE INDEX%'"),
	                 "5\n");
	fixture_finish(&fixture);
}
END_TEST

/* An expression that were written in another way than the index's would be slow, and right. */
START_TEST(the_index_of_a_field_is_used)
{
	char expression[LOCAL_EXPRESSION_MAX], sql[LOCAL_EXPRESSION_MAX * 4];
	struct fixture fixture;

	fixture_init(&fixture);
	local_expression("state", VM_FIELD_TEXT, expression);
	snprintf(sql, sizeof sql,
	         "EXPLAIN QUERY PLAN SELECT json FROM documents WHERE TRUE AND %s = 'x'", expression);
	ck_assert_ptr_nonnull(strstr(run_sql(&fixture, sql), "USING INDEX state_text"));
	local_expression("created", VM_FIELD_INT, expression);
	snprintf(sql, sizeof sql,
	         "EXPLAIN QUERY PLAN SELECT json FROM documents WHERE TRUE AND %s IS NOT NULL"
	         " AND %s <= 5 ORDER BY %s DESC, id DESC",
	         expression, expression, expression);
	ck_assert_ptr_nonnull(strstr(run_sql(&fixture, sql), "USING INDEX created_integer"));
	ck_assert_ptr_null(strstr(run_sql(&fixture, sql), "B-TREE"));
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("fields");

	tcase_add_test(tests, a_field_whose_name_is_more_than_a_name_is_refused);
	tcase_add_test(tests, only_indexed_fields_can_be_asked_for);
	tcase_add_test(tests, indexing_again_makes_nothing_new_and_later_fields_see_old_documents);
	tcase_add_test(tests, the_index_of_a_field_is_used);
	return run_tests(tests, "fields");
}
