/* test_tmp.c - what dead processes left in tmp/ goes away, what living ones need stays. */
#include "tmp.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "run.h"
#include "store.h"

static struct fixture store;
static int tmp;

static void setup(void)
{
	fixture_init(&store, NULL);
	put(&store, "a", "x");
	tmp = ((struct store *)store.self)->tmp;
	ck_assert_int_eq(mkdirat(tmp, "folder", 0700), 0);
	close(openat(tmp, "folder/file", O_CREAT | O_WRONLY, 0600));
	close(openat(tmp, "file", O_CREAT | O_WRONLY, 0600));
}

static void teardown(void)
{
	fixture_finish(&store);
}

START_TEST(a_day_is_waited_for)
{
	tmp_sweep(tmp, time(NULL));
	ck_assert_int_eq(entries(&store, "tmp"), 2);
	tmp_sweep(tmp, time(NULL) + 23 * 60 * 60);
	ck_assert_int_eq(entries(&store, "tmp"), 2);
	tmp_sweep(tmp, time(NULL) + 25 * 60 * 60);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

START_TEST(a_folder_goes_with_its_files)
{
	ck_assert_int_eq(tmp_remove(tmp, "folder"), 0);
	ck_assert_int_eq(entries(&store, "tmp"), 1);
	ck_assert_int_eq(tmp_remove(tmp, "file"), 0);
	ck_assert_int_eq(tmp_remove(tmp, "nothing"), 0);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("tmp");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_day_is_waited_for);
	tcase_add_test(tests, a_folder_goes_with_its_files);
	return run_tests(tests, "tmp");
}
