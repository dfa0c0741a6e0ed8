/* test_log.c - one line for each fact, whatever is in it. */
#include "support/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <jansson.h>

#include "run.h"

static int captured, stderr_before;

static void capture(void)
{
	captured = memfd_create("stderr", MFD_CLOEXEC);
	stderr_before = dup(STDERR_FILENO);
	ck_assert_int_ge(captured, 0);
	ck_assert_int_eq(dup2(captured, STDERR_FILENO), STDERR_FILENO);
}

/* All that was logged since capture(); stderr is as before. */
static const char *text_logged(void)
{
	static char text[256 * 1024];
	ssize_t length;

	dup2(stderr_before, STDERR_FILENO);
	close(stderr_before);
	length = pread(captured, text, sizeof text - 1, 0);
	close(captured);
	ck_assert_int_ge(length, 0);
	text[length] = '\0';
	return text;
}

static json_t *json_logged(void)
{
	const char *text = text_logged();
	json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	ck_assert_msg(line != NULL, "no JSON: %s", text);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	return line;
}

static const char *member(const json_t *line, const char *name)
{
	const char *text = json_string_value(json_object_get(line, name));

	return text != NULL ? text : "(absent)";
}

START_TEST(a_text_line_has_time_level_message_and_fields)
{
	struct log_scope outer = {.video = "v1", .epoch = 3};
	struct log_scope inner = {.stage = "web", .role = "storage.processed", .trace = "t"};
	const char *text;

	log_setup(VM_LOG_INFO, LOG_TEXT);
	capture();
	log_enter(&outer);
	log_enter(&inner);
	log_warning("disk %d%% full", 93);
	log_leave(&inner);
	log_leave(&outer);
	text = text_logged();
	ck_assert_int_eq(text[10], 'T');
	ck_assert_str_eq(
	    text + 24,
	    " warning: disk 93% full video=v1 epoch=3 stage=web role=storage.processed trace=t\n");
}
END_TEST

START_TEST(a_json_line_has_the_same_members)
{
	struct log_scope scope = {
	    .video = "v\"1", .epoch = INT64_MAX, .stage = "web", .trace = "t", .role = "meta"};
	json_t *line;

	log_setup(VM_LOG_INFO, LOG_JSON);
	capture();
	log_enter(&scope);
	log_error("it said: \"no\"\n");
	log_leave(&scope);
	line = json_logged();
	ck_assert_str_eq(member(line, "level"), "error");
	ck_assert_str_eq(member(line, "message"), "it said: \"no\"\n");
	ck_assert_str_eq(member(line, "video"), "v\"1");
	ck_assert_str_eq(member(line, "stage"), "web");
	ck_assert_str_eq(member(line, "trace"), "t");
	ck_assert_str_eq(member(line, "role"), "meta");
	ck_assert_int_eq(json_integer_value(json_object_get(line, "epoch")), INT64_MAX);
	ck_assert_uint_eq(strlen(member(line, "time")), 24);
	json_decref(line);
}
END_TEST

START_TEST(the_inner_scope_wins_and_ends)
{
	struct log_scope outer = {.video = "outer", .role = "a"};
	struct log_scope inner = {.video = "inner"};
	const char *text;

	log_setup(VM_LOG_INFO, LOG_TEXT);
	capture();
	log_enter(&outer);
	log_enter(&inner);
	log_info("one");
	log_leave(&inner);
	log_info("two");
	log_leave(&outer);
	log_info("three");
	text = text_logged();
	ck_assert_ptr_nonnull(strstr(text, "one video=inner role=a\n"));
	ck_assert_ptr_nonnull(strstr(text, "two video=outer role=a\n"));
	ck_assert_ptr_nonnull(strstr(text, "three\n"));
}
END_TEST

START_TEST(levels_below_the_least_are_left_out)
{
	const char *text;

	log_setup(VM_LOG_WARNING, LOG_TEXT);
	capture();
	log_debug("debug");
	log_info("info");
	log_warning("shown");
	log_line((enum vm_log_level)99, "a level that is none");
	text = text_logged();
	ck_assert_ptr_null(strstr(text, "debug"));
	ck_assert_ptr_null(strstr(text, "info"));
	ck_assert_ptr_nonnull(strstr(text, " warning: shown\n"));
	ck_assert_ptr_nonnull(strstr(text, " error: a level that is none\n"));
}
END_TEST

START_TEST(a_long_message_says_that_it_was_cut)
{
	static char message[100000];
	json_t *line;
	const char *shown;

	memset(message, 'x', sizeof message - 1);
	log_setup(VM_LOG_INFO, LOG_JSON);
	capture();
	log_info("%s", message);
	line = json_logged();
	shown = member(line, "message");
	ck_assert_uint_lt(strlen(shown), PIPE_BUF);
	ck_assert_uint_gt(strlen(shown), 2000);
	ck_assert_ptr_nonnull(strstr(shown, " [cut: the message had 99999 bytes]"));
	json_decref(line);
}
END_TEST

/* The worst that can be: everything grows sixfold when it is escaped, and every field is long. */
START_TEST(the_longest_line_is_whole_json_in_one_pipe_write)
{
	static char text[8000];
	struct log_scope scope = {
	    .video = text, .epoch = INT64_MAX, .stage = text, .trace = text, .role = text};
	json_t *line;
	const char *raw;

	memset(text, 1, sizeof text - 1);
	log_setup(VM_LOG_INFO, LOG_JSON);
	capture();
	log_enter(&scope);
	log_info("%s", text);
	log_leave(&scope);
	raw = text_logged();
	ck_assert_uint_le(strlen(raw), PIPE_BUF);
	ck_assert_ptr_nonnull(strstr(raw, "[cut: the message had 7999 bytes]"));
	line = json_loads(raw, 0, NULL);
	ck_assert_ptr_nonnull(line);
	ck_assert_ptr_nonnull(json_object_get(line, "trace"));
	json_decref(line);
}
END_TEST

START_TEST(logging_leaves_errno_alone)
{
	log_setup(VM_LOG_INFO, LOG_TEXT);
	capture();
	close(STDERR_FILENO);
	errno = ENOENT;
	log_info("nobody hears this");
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(text_logged(), "");
}
END_TEST

enum { WRITERS = 4, LINES = 200 };

static void *write_lines(void *ctx)
{
	struct log_scope scope = {.video = ctx};

	log_enter(&scope);
	for (int i = 0; i < LINES; i++)
		log_info("from %s", (const char *)ctx);
	log_leave(&scope);
	return NULL;
}

START_TEST(threads_do_not_mix_lines_or_scopes)
{
	char names[WRITERS][8];
	pthread_t threads[WRITERS];
	char *copy, *rest, *line;
	int count = 0;

	log_setup(VM_LOG_INFO, LOG_TEXT);
	capture();
	ck_assert_int_eq(fcntl(STDERR_FILENO, F_SETFL, O_APPEND), 0);
	for (int i = 0; i < WRITERS; i++) {
		snprintf(names[i], sizeof names[i], "w%d", i);
		ck_assert_int_eq(pthread_create(&threads[i], NULL, write_lines, names[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	copy = strdup(text_logged());
	for (line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), count++) {
		const char *said = strstr(line, "from w");

		ck_assert_msg(said != NULL && strlen(said) == strlen("from wN video=wN"), "%s", line);
		ck_assert_int_eq(said[6], said[15]);
	}
	ck_assert_int_eq(count, WRITERS * LINES);
	free(copy);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("log");

	tcase_add_test(tests, a_text_line_has_time_level_message_and_fields);
	tcase_add_test(tests, a_json_line_has_the_same_members);
	tcase_add_test(tests, the_inner_scope_wins_and_ends);
	tcase_add_test(tests, levels_below_the_least_are_left_out);
	tcase_add_test(tests, a_long_message_says_that_it_was_cut);
	tcase_add_test(tests, the_longest_line_is_whole_json_in_one_pipe_write);
	tcase_add_test(tests, logging_leaves_errno_alone);
	tcase_add_test(tests, threads_do_not_mix_lines_or_scopes);
	return run_tests(tests, "log");
}
