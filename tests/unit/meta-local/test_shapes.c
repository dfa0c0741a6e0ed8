/* test_shapes.c - a list that is narrowed and ordered goes through an index of its own. */
#include <string.h>

#include "fixture.h"
#include "run.h"

static const struct vm_condition queued_of_o[] = {
    {.field = "state", .match = VM_MATCH_EQUAL, .text = "queued"},
    {.field = "owner", .match = VM_MATCH_EQUAL, .text = "o"},
};

static void put_some(struct fixture *fixture)
{
	expect_put(fixture, "a", 0, "{\"state\":\"queued\",\"created\":3,\"owner\":\"o\"}");
	expect_put(fixture, "b", 0, "{\"state\":\"queued\",\"created\":1,\"owner\":\"p\"}");
	expect_put(fixture, "c", 0, "{\"state\":\"failed\",\"created\":2,\"owner\":\"o\"}");
	expect_put(fixture, "d", 0, "{\"state\":\"queued\",\"created\":3,\"owner\":\"o\"}");
	expect_put(fixture, "e", 0, "{\"state\":\"queued\",\"created\":2,\"owner\":\"o\"}");
	expect_put(fixture, "f", 0, "{\"state\":\"queued\",\"owner\":\"o\"}");
}

static const char *indices(struct fixture *fixture)
{
	return run_sql(fixture, "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name");
}

START_TEST(a_narrowed_list_is_right_in_both_directions_and_page_by_page)
{
	struct vm_find find = {.conditions = queued_of_o, .count = 2, .order_by = "created"};
	struct fixture fixture;

	fixture_init(&fixture);
	put_some(&fixture);
	ck_assert_str_eq(found(&fixture, &find), "e a d ");
	find.descending = true;
	ck_assert_str_eq(found(&fixture, &find), "d a e ");
	find.limit = 2;
	find.after_id = "d";
	find.after_number = 3;
	ck_assert_str_eq(found(&fixture, &find), "a e ");
	expect_put(&fixture, "a", 1, "{\"state\":\"failed\",\"created\":3,\"owner\":\"o\"}");
	ck_assert_str_eq(found(&fixture, &find), "e ");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(its_index_is_made_once_whatever_the_order_of_the_conditions)
{
	const struct vm_condition turned[] = {queued_of_o[1], queued_of_o[0]};
	struct vm_find find = {.conditions = queued_of_o, .count = 2, .order_by = "created"};
	struct fixture fixture;

	fixture_init(&fixture);
	put_some(&fixture);
	ck_assert_ptr_null(strstr(indices(&fixture), "__by_"));
	found(&fixture, &find);
	ck_assert_ptr_nonnull(strstr(indices(&fixture), "owner__state__by_created\n"));
	find.conditions = turned;
	ck_assert_str_eq(found(&fixture, &find), "e a d ");
	ck_assert_ptr_null(strstr(indices(&fixture), "state__owner"));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(what_one_field_serves_needs_no_index_of_its_own)
{
	struct vm_condition late = {.field = "created", .match = VM_MATCH_ABOVE_OR_EQUAL, .number = 2};
	struct fixture fixture;

	fixture_init(&fixture);
	put_some(&fixture);
	found(&fixture, &(struct vm_find){.conditions = &late, .count = 1, .order_by = "created"});
	found(&fixture, &(struct vm_find){.conditions = queued_of_o, .count = 2});
	ck_assert_ptr_null(strstr(indices(&fixture), "__by_"));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(without_its_index_a_list_is_right_all_the_same)
{
	struct vm_find find = {.conditions = queued_of_o, .count = 2, .order_by = "created"};
	struct fixture fixture;
	struct local *local;

	fixture_init(&fixture);
	put_some(&fixture);
	local = fixture.self;
	local->n_shapes = LOCAL_SHAPES_MOST; /* no more are made */
	ck_assert_str_eq(found(&fixture, &find), "e a d ");
	ck_assert_ptr_null(strstr(indices(&fixture), "__by_"));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(another_process_finds_through_the_same_index)
{
	static const struct vm_field fields[] = {
	    {"state", VM_FIELD_TEXT}, {"owner", VM_FIELD_TEXT}, {"created", VM_FIELD_INT}};
	struct vm_find find = {.conditions = queued_of_o, .count = 2, .order_by = "created"};
	struct fixture fixture, other;
	struct vm_error err;

	fixture_init(&fixture);
	put_some(&fixture);
	found(&fixture, &find);
	fixture_share(&other, fixture.folder);
	ck_assert_int_eq(other.ops->index(other.self, fields, 3, NULL, &err), VM_OK);
	ck_assert_str_eq(found(&other, &find), "e a d ");
	fixture_finish_shared(&other);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("shapes");

	tcase_add_test(tests, a_narrowed_list_is_right_in_both_directions_and_page_by_page);
	tcase_add_test(tests, its_index_is_made_once_whatever_the_order_of_the_conditions);
	tcase_add_test(tests, what_one_field_serves_needs_no_index_of_its_own);
	tcase_add_test(tests, without_its_index_a_list_is_right_all_the_same);
	tcase_add_test(tests, another_process_finds_through_the_same_index);
	return run_tests(tests, "shapes");
}
