/* test_search.c - folders in order, each name once, and the nearest name when there is none. */
#include "plugin/search.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/load.h"
#include "run.h"

static char folder[64], one[80], two[80], search_path[256];

static const char *const files[] = {"one/storage-a.so", "one/b.so", "one/.hidden.so",
                                    "one/notes.txt",    "one/.so",  "two/b.so",
                                    "two/queue-c.so"};

enum { FILES = sizeof files / sizeof *files };

static void set_up(void)
{
	snprintf(folder, sizeof folder, "/tmp/vidmill-search-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(one, sizeof one, "%s/one", folder);
	snprintf(two, sizeof two, "%s/two", folder);
	ck_assert_int_eq(mkdir(one, 0700), 0);
	ck_assert_int_eq(mkdir(two, 0700), 0);
	for (size_t i = 0; i < FILES; i++) {
		char path[128];

		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		close(open(path, O_WRONLY | O_CREAT, 0600));
	}
	snprintf(search_path, sizeof search_path, ":%s/nowhere:%s::%s:", folder, one, two);
}

static void tear_down(void)
{
	for (size_t i = 0; i < FILES; i++) {
		char path[128];

		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		unlink(path);
	}
	rmdir(one);
	rmdir(two);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void check_found(const char *name, const char *parent)
{
	char path[PATH_MAX], expected[PATH_MAX];

	snprintf(expected, sizeof expected, "%s/%s.so", parent, name);
	ck_assert_int_eq(search_file(search_path, name, path, NULL), VM_OK);
	ck_assert_str_eq(path, expected);
}

START_TEST(the_first_folder_wins)
{
	check_found("storage-a", one);
	check_found("b", one);
	check_found("queue-c", two);
}
END_TEST

START_TEST(what_is_not_there_gets_the_nearest_name)
{
	char path[PATH_MAX], expected[512];
	struct vm_error err;

	ck_assert_int_eq(search_file(search_path, "storage-aa", path, &err), VM_ERR_NOT_FOUND);
	ck_assert_str_eq(err.message, "no plugin \"storage-aa\"; did you mean \"storage-a\"?");
	ck_assert_int_eq(search_file(search_path, "something-else", path, &err), VM_ERR_NOT_FOUND);
	snprintf(expected, sizeof expected, "no plugin \"something-else\" in %s", search_path);
	ck_assert_str_eq(err.message, expected);
}
END_TEST

START_TEST(names_are_in_order_and_each_once)
{
	struct search_names names;

	ck_assert_int_eq(search_names(search_path, &names, NULL), VM_OK);
	ck_assert_uint_eq(names.count, 3);
	ck_assert_str_eq(names.items[0], "b");
	ck_assert_str_eq(names.items[1], "queue-c");
	ck_assert_str_eq(names.items[2], "storage-a");
	search_names_finish(&names);
	ck_assert_int_eq(search_names("", &names, NULL), VM_OK);
	ck_assert_uint_eq(names.count, 0);
	search_names_finish(&names);
}
END_TEST

START_TEST(the_environment_names_the_folders)
{
	struct plugins plugins;

	ck_assert_int_eq(setenv("VIDMILL_PLUGIN_PATH", "/a:/b", 1), 0);
	ck_assert_int_eq(plugins_init(&plugins, NULL, NULL), VM_OK);
	ck_assert_str_eq(plugins.search_path, "/a:/b");
	plugins_finish(&plugins);
	ck_assert_int_eq(plugins_init(&plugins, "/c", NULL), VM_OK);
	ck_assert_str_eq(plugins.search_path, "/c");
	plugins_finish(&plugins);
}
END_TEST

START_TEST(without_a_word_they_lie_beside_the_program)
{
	char program[PATH_MAX] = "", expected[2 * PATH_MAX + 32];
	struct plugins plugins;

	ck_assert_int_eq(unsetenv("VIDMILL_PLUGIN_PATH"), 0);
	ck_assert_int_gt(readlink("/proc/self/exe", program, sizeof program - 1), 0);
	*strrchr(program, '/') = '\0';
	snprintf(expected, sizeof expected, "%s/../lib/vidmill:%s/", program, program);
	ck_assert_int_eq(plugins_init(&plugins, NULL, NULL), VM_OK);
	ck_assert_ptr_eq(strstr(plugins.search_path, expected), plugins.search_path);
	plugins_finish(&plugins);
}
END_TEST

static void note_found(void *ctx, const struct plugin *plugin)
{
	(void)ctx;
	ck_abort_msg("%s is no plugin", plugin->path);
}

static void count_refused(void *ctx, const struct vm_error *err)
{
	ck_assert_ptr_nonnull(strstr(err->message, ".so: not a shared object"));
	++*(int *)ctx;
}

START_TEST(every_file_that_is_refused_is_told)
{
	struct plugins plugins;
	int refused = 0;

	ck_assert_int_eq(plugins_init(&plugins, search_path, NULL), VM_OK);
	ck_assert_int_eq(plugins_each(&plugins, note_found, count_refused, &refused, NULL), VM_OK);
	ck_assert_int_eq(refused, 3);
	plugins_finish(&plugins);
}
END_TEST

START_TEST(kinds_have_names_and_numbers)
{
	ck_assert_str_eq(plugin_kind_name(VM_KIND_META), "meta");
	ck_assert_uint_eq(plugin_kind_number("codec"), VM_KIND_CODEC);
	ck_assert_uint_eq(plugin_kind_number("nothing"), 0);
	ck_assert_ptr_null(plugin_kind_name(0));
	ck_assert_ptr_null(plugin_kind_name(6));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("search");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, the_first_folder_wins);
	tcase_add_test(tests, what_is_not_there_gets_the_nearest_name);
	tcase_add_test(tests, names_are_in_order_and_each_once);
	tcase_add_test(tests, the_environment_names_the_folders);
	tcase_add_test(tests, without_a_word_they_lie_beside_the_program);
	tcase_add_test(tests, every_file_that_is_refused_is_told);
	tcase_add_test(tests, kinds_have_names_and_numbers);
	return run_tests(tests, "search");
}
