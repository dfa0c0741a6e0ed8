/* test_option_secret.c - a secret comes from the environment or a file, and is shown to nobody. */
#include "plugin/option_secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vidmill/plugin.h>

#include "bind.h"

struct config {
	const char *key;
};

static const struct vm_option table[] = {
    {.name = "key", VM_STRING(struct config, key), .flags = VM_SECRET, .doc = "Opens it."},
    {.name = NULL},
};

static char path[] = "/tmp/vidmill-secret-XXXXXX";

static void write_file(const void *bytes, size_t length, mode_t mode)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

static void check_value(const char *value, const char *secret, const char *said)
{
	struct config config = {0};
	struct bound bound;
	char text[128];

	snprintf(text, sizeof text, "key = %s;", value);
	bind_text(&bound, table, text, &config);
	ck_assert_str_eq(bound.said, said);
	ck_assert_pstr_eq(config.key, secret);
	bound_finish(&bound);
}

static void check_refused(const char *value, const char *said)
{
	check_value(value, NULL, said);
}

/* Reads the file that write_file wrote; `said` may have one %s for its path. */
static void check_file(const char *secret, const char *said_format)
{
	char value[64], said[256];
	const char *hole = strstr(said_format, "%s");

	snprintf(value, sizeof value, "\"file:%s\"", path);
	if (hole != NULL)
		snprintf(said, sizeof said, "%.*s%s%s", (int)(hole - said_format), said_format, path,
		         hole + 2);
	check_value(value, secret, hole != NULL ? said : said_format);
	unlink(path);
}

START_TEST(a_variable_is_read)
{
	setenv("VIDMILL_TEST_KEY", "hush\n", 1);
	check_value("\"env:VIDMILL_TEST_KEY\"", "hush\n", "");
}
END_TEST

START_TEST(a_variable_that_is_not_there_is_named)
{
	unsetenv("VIDMILL_TEST_KEY");
	check_refused("\"env:VIDMILL_TEST_KEY\"", "1 storage: key cannot be read: the environment "
	                                          "variable VIDMILL_TEST_KEY is not set\n");
	setenv("VIDMILL_TEST_KEY", "", 1);
	check_refused("\"env:VIDMILL_TEST_KEY\"", "1 storage: key cannot be read: the environment "
	                                          "variable VIDMILL_TEST_KEY is empty\n");
}
END_TEST

START_TEST(a_file_is_read_without_its_last_newline)
{
	write_file("hush\n", 5, 0600);
	check_file("hush", "");
}
END_TEST

START_TEST(only_the_last_newline_is_dropped)
{
	write_file("one\ntwo\n\n", 9, 0600);
	check_file("one\ntwo\n", "");
}
END_TEST

START_TEST(a_file_that_everybody_may_read_is_warned_of)
{
	write_file("hush", 4, 0644);
	check_file("hush",
	           "1 warning: storage: key can be read by everybody on this machine; chmod 600 %s\n");
}
END_TEST

START_TEST(a_file_without_a_secret_is_refused)
{
	write_file("\n", 1, 0600);
	check_file(NULL, "1 storage: key cannot be read: %s: it is empty\n");
}
END_TEST

START_TEST(a_nul_byte_is_refused)
{
	write_file("hu\0sh", 5, 0600);
	check_file(NULL, "1 storage: key cannot be read: %s: there is a NUL byte in it\n");
}
END_TEST

START_TEST(a_secret_has_an_end)
{
	static char bytes[OPTION_SECRET_MAX + 1];

	memset(bytes, 'x', sizeof bytes);
	write_file(bytes, sizeof bytes, 0600);
	check_file(NULL, "1 storage: key cannot be read: %s: a secret has at most 64 KiB\n");
}
END_TEST

START_TEST(the_longest_secret_is_whole)
{
	static char bytes[OPTION_SECRET_MAX + 1];

	memset(bytes, 'x', OPTION_SECRET_MAX);
	write_file(bytes, OPTION_SECRET_MAX, 0600);
	check_file(bytes, "");
}
END_TEST

START_TEST(files_that_cannot_be_read_are_named)
{
	check_refused("\"file:/nowhere/key\"",
	              "1 storage: key cannot be read: /nowhere/key: No such file or directory\n");
	check_refused("\"file:/tmp\"", "1 storage: key cannot be read: /tmp: Is a directory\n");
	check_refused("\"file:key\"",
	              "1 storage: key cannot be read: file:key must name an absolute path\n");
}
END_TEST

START_TEST(a_literal_is_refused_and_not_repeated)
{
	const char *how = "1 storage: key cannot be read: a secret does not stand in this file; write "
	                  "\"env:NAME\" or \"file:/path\"\n";

	check_refused("\"hunter2\"", how);
	check_refused("\"\"", how);
	check_refused("\"env:\"", how);
	check_refused("\"file:\"", how);
	check_refused("4711", "1 storage: key is no text; it must be text in quotes\n");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("option_secret");

	tcase_add_test(tests, a_variable_is_read);
	tcase_add_test(tests, a_variable_that_is_not_there_is_named);
	tcase_add_test(tests, a_file_is_read_without_its_last_newline);
	tcase_add_test(tests, only_the_last_newline_is_dropped);
	tcase_add_test(tests, a_file_that_everybody_may_read_is_warned_of);
	tcase_add_test(tests, a_file_without_a_secret_is_refused);
	tcase_add_test(tests, a_nul_byte_is_refused);
	tcase_add_test(tests, a_secret_has_an_end);
	tcase_add_test(tests, the_longest_secret_is_whole);
	tcase_add_test(tests, files_that_cannot_be_read_are_named);
	tcase_add_test(tests, a_literal_is_refused_and_not_repeated);
	return run_tests(tests, "option_secret");
}
