/* test_shape.c - which fields a find asks for together. */
#include "kit/shape.h"

#include "run.h"

static const struct vm_condition conditions[] = {
    {.field = "state", .match = VM_MATCH_EQUAL},
    {.field = "created_ms", .match = VM_MATCH_BELOW_OR_EQUAL},
    {.field = "owner", .match = VM_MATCH_EQUAL},
    {.field = "name", .match = VM_MATCH_EQUAL},
    {.field = "bytes", .match = VM_MATCH_EQUAL},
};

static bool take(size_t count, const char *order_by, struct kit_shape *shape)
{
	struct vm_find find = {.conditions = conditions, .count = count, .order_by = order_by};

	return kit_shape_of(&find, shape);
}

START_TEST(equal_fields_by_name_then_the_order)
{
	struct kit_shape shape;

	ck_assert(take(4, "created_ms", &shape));
	ck_assert_uint_eq(shape.n_equal, 3);
	ck_assert_str_eq(shape.equal[0], "name");
	ck_assert_str_eq(shape.equal[1], "owner");
	ck_assert_str_eq(shape.equal[2], "state");
	ck_assert_str_eq(shape.order_by, "created_ms");
}
END_TEST

START_TEST(one_field_or_too_many_need_none)
{
	struct kit_shape shape;

	ck_assert(!take(0, "created_ms", &shape));
	ck_assert(!take(1, NULL, &shape));
	ck_assert(!take(5, "created_ms", &shape));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("shape");

	tcase_add_test(tests, equal_fields_by_name_then_the_order);
	tcase_add_test(tests, one_field_or_too_many_need_none);
	return run_tests(tests, "shape");
}
