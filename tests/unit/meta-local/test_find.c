/* test_find.c - which documents are found, in which order, from where on. */
#include <string.h>

#include "fixture.h"
#include "run.h"

/* What lies in the members is told by the ids. */
static void put_seven(struct fixture *fixture)
{
	expect_put(fixture, "a", 0, "{\"state\":\"queued\",\"created\":3,\"owner\":\"o\"}");
	expect_put(fixture, "b", 0, "{\"state\":\"queued\",\"created\":1,\"owner\":\"p\"}");
	expect_put(fixture, "c", 0, "{\"state\":\"failed\",\"created\":2,\"owner\":\"o\"}");
	expect_put(fixture, "d", 0, "{\"state\":\"queued\",\"created\":3,\"owner\":\"o\"}");
	expect_put(fixture, "null", 0, "{\"state\":null,\"created\":null}");
	expect_put(fixture, "absent", 0, "{}");
	expect_put(fixture, "other", 0, "{\"state\":5,\"created\":\"3\",\"owner\":{\"o\":1}}");
}

static const char *found_by(struct fixture *fixture, const char *field, enum vm_match match,
                            const char *text, int64_t number)
{
	struct vm_condition condition = {field, match, text, number};

	return found(fixture, &(struct vm_find){.conditions = &condition, .count = 1});
}

START_TEST(a_condition_matches_values_of_its_type_alone)
{
	struct fixture fixture;

	fixture_init(&fixture);
	put_seven(&fixture);
	ck_assert_str_eq(found_by(&fixture, "state", VM_MATCH_EQUAL, "queued", 0), "a b d ");
	ck_assert_str_eq(found_by(&fixture, "state", VM_MATCH_EQUAL, "5", 0), "");
	ck_assert_str_eq(found_by(&fixture, "state", VM_MATCH_ABOVE_OR_EQUAL, "", 0), "a b c d ");
	ck_assert_str_eq(found_by(&fixture, "state", VM_MATCH_BELOW_OR_EQUAL, "failed", 0), "c ");
	ck_assert_str_eq(found_by(&fixture, "state", VM_MATCH_EQUAL, NULL, 0), "");
	ck_assert_str_eq(found_by(&fixture, "created", VM_MATCH_EQUAL, NULL, 3), "a d ");
	ck_assert_str_eq(found_by(&fixture, "created", VM_MATCH_BELOW_OR_EQUAL, NULL, 2), "b c ");
	ck_assert_str_eq(found_by(&fixture, "created", VM_MATCH_ABOVE_OR_EQUAL, NULL, INT64_MIN),
	                 "a b c d ");
	ck_assert_str_eq(found_by(&fixture, "owner", VM_MATCH_EQUAL, "{\"o\":1}", 0), "");
	ck_assert_str_eq(found_by(&fixture, "owner", VM_MATCH_EQUAL, "' OR 1=1 --", 0), "");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(conditions_hold_together_and_are_counted)
{
	struct vm_condition both[] = {
	    {.field = "state", .match = VM_MATCH_EQUAL, .text = "queued"},
	    {.field = "created", .match = VM_MATCH_ABOVE_OR_EQUAL, .number = 2},
	};
	struct vm_find find = {.conditions = both, .count = 2, .limit = 1, .after_id = "z"};
	struct fixture fixture;
	struct vm_error err;
	uint64_t count = 0;

	fixture_init(&fixture);
	put_seven(&fixture);
	expect_ok(&err, fixture.ops->count(fixture.self, &find, &count, NULL, &err));
	ck_assert_uint_eq(count, 2);
	expect_ok(&err, fixture.ops->count(fixture.self, &(struct vm_find){0}, &count, NULL, &err));
	ck_assert_uint_eq(count, 7);
	find.limit = 0;
	find.after_id = NULL;
	ck_assert_str_eq(found(&fixture, &find), "a d ");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(the_order_leaves_out_who_lacks_the_field)
{
	struct vm_find find = {.order_by = "created"};
	struct fixture fixture;

	fixture_init(&fixture);
	put_seven(&fixture);
	ck_assert_str_eq(found(&fixture, &find), "b c a d ");
	find.descending = true;
	ck_assert_str_eq(found(&fixture, &find), "d a c b ");
	find.order_by = "owner";
	ck_assert_str_eq(found(&fixture, &find), "b d c a ");
	find.order_by = NULL;
	ck_assert_str_eq(found(&fixture, &find), "other null d c b absent a ");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(it_goes_on_behind_a_document)
{
	struct vm_find find = {.order_by = "created", .limit = 2};
	struct fixture fixture;

	fixture_init(&fixture);
	put_seven(&fixture);
	ck_assert_str_eq(found(&fixture, &find), "b c ");
	find.after_id = "c";
	find.after_number = 2;
	ck_assert_str_eq(found(&fixture, &find), "a d ");
	find.after_id = "a";
	find.after_number = 3;
	ck_assert_str_eq(found(&fixture, &find), "d ");
	find.descending = true;
	ck_assert_str_eq(found(&fixture, &find), "c b ");
	find.order_by = "owner";
	find.after_id = "c";
	find.after_text = "o";
	ck_assert_str_eq(found(&fixture, &find), "a ");
	find.order_by = NULL;
	ck_assert_str_eq(found(&fixture, &find), "b absent ");
	/* Behind a document that is not there any more. */
	find.after_id = "bb";
	ck_assert_str_eq(found(&fixture, &find), "b absent ");
	fixture_finish(&fixture);
}
END_TEST

struct visit {
	struct fixture *other; /* another instance: this one's may not be used in emit */
	unsigned count;
};

static enum vm_more put_beside(void *ctx, const struct vm_document *document)
{
	struct visit *visit = ctx;
	struct vm_error err;
	char id[16];

	ck_assert_uint_eq(document->version, 1);
	snprintf(id, sizeof id, "new%u", visit->count++);
	expect_put(visit->other, id, 0, "{\"created\":9}");
	/* A document that is still to come changes: it is seen as it was. */
	expect_ok(&err, put(visit->other, "d", visit->count, "{\"created\":9}", &err));
	return visit->count < 10 ? VM_MORE : VM_STOP;
}

START_TEST(a_find_sees_one_state_and_keeps_no_writer_waiting)
{
	struct vm_find find = {.order_by = "created"};
	struct fixture fixture, other;
	struct visit visit = {&other, 0};
	struct vm_error err;

	fixture_init(&fixture);
	fixture_share(&other, fixture.folder);
	put_seven(&fixture);
	expect_ok(&err, fixture.ops->find(fixture.self, &find, put_beside, &visit, NULL, &err));
	ck_assert_uint_eq(visit.count, 4);
	ck_assert_str_eq(found(&fixture, &find), "b c a d new0 new1 new2 new3 ");
	fixture_finish_shared(&other);
	fixture_finish(&fixture);
}
END_TEST

static enum vm_more count_until_two(void *ctx, const struct vm_document *document)
{
	(void)document;
	return ++*(unsigned *)ctx < 2 ? VM_MORE : VM_STOP;
}

START_TEST(emit_may_say_stop_and_the_call_may_end)
{
	struct vm_find find = {0};
	struct place_call call;
	struct fixture fixture;
	struct vm_error err;
	unsigned count = 0;

	fixture_init(&fixture);
	put_seven(&fixture);
	expect_ok(&err, fixture.ops->find(fixture.self, &find, count_until_two, &count, NULL, &err));
	ck_assert_uint_eq(count, 2);
	place_call_init(&call);
	call.deadline_ms = 0;
	ck_assert_int_eq(
	    fixture.ops->find(fixture.self, &find, count_until_two, &count, &call.vm, &err),
	    VM_ERR_TIMEOUT);
	ck_assert_uint_eq(count, 2);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("find");

	tcase_add_test(tests, a_condition_matches_values_of_its_type_alone);
	tcase_add_test(tests, conditions_hold_together_and_are_counted);
	tcase_add_test(tests, the_order_leaves_out_who_lacks_the_field);
	tcase_add_test(tests, it_goes_on_behind_a_document);
	tcase_add_test(tests, a_find_sees_one_state_and_keeps_no_writer_waiting);
	tcase_add_test(tests, emit_may_say_stop_and_the_call_may_end);
	return run_tests(tests, "find");
}
