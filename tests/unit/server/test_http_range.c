/* test_http_range.c - the header Range, as RFC 9110 has it. */
#include "run.h"

#include "server/http_range.h"

static const struct {
	const char *header;
	uint64_t length;
	enum range_kind kind;
	uint64_t first, count;
} cases[] = {
    {NULL, 100, RANGE_WHOLE, 0, 0},
    {"bytes=0-0", 100, RANGE_PART, 0, 1},
    {"bytes=0-", 100, RANGE_PART, 0, 100},
    {"bytes=10-19", 100, RANGE_PART, 10, 10},
    {"bytes=90-200", 100, RANGE_PART, 90, 10},
    {"bytes=99-99", 100, RANGE_PART, 99, 1},
    {"bytes=-10", 100, RANGE_PART, 90, 10},
    {"bytes=-1000", 100, RANGE_PART, 0, 100},
    {"bytes=50-99999999999999999999999", 100, RANGE_PART, 50, 50},
    {"bytes=0-18446744073709551615", 100, RANGE_PART, 0, 100},
    {"bytes=100-", 100, RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=100-200", 100, RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=-0", 100, RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=0-", 0, RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=-5", 0, RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=5-4", 100, RANGE_WHOLE, 0, 0},
    {"bytes=", 100, RANGE_WHOLE, 0, 0},
    {"bytes=-", 100, RANGE_WHOLE, 0, 0},
    {"bytes=1", 100, RANGE_WHOLE, 0, 0},
    {"bytes=a-b", 100, RANGE_WHOLE, 0, 0},
    {"bytes=1-2x", 100, RANGE_WHOLE, 0, 0},
    {"bytes=0-1,3-4", 100, RANGE_WHOLE, 0, 0},
    {"seconds=1-2", 100, RANGE_WHOLE, 0, 0},
};

START_TEST(a_range_is_read)
{
	uint64_t first = 0;
	uint64_t count = 0;

	ck_assert_int_eq(range_read(cases[_i].header, cases[_i].length, &first, &count),
	                 cases[_i].kind);
	if (cases[_i].kind == RANGE_PART) {
		ck_assert_uint_eq(first, cases[_i].first);
		ck_assert_uint_eq(count, cases[_i].count);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("http_range");

	tcase_add_loop_test(tests, a_range_is_read, 0, (int)(sizeof cases / sizeof cases[0]));
	return run_tests(tests, "http_range");
}
