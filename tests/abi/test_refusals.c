/* test_refusals.c - the exact sentence that each plugin gets which was built wrong on purpose. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/load.h"
#include "plugin/storage.h"

#include "run.h"

/* A sentence begins with the file's path and ": ". */
static const struct {
	const char *name, *sentence;
} refusals[] = {
    {"wrong-magic", "its vm_plugin_entry is no descriptor: it begins with 0x12345678, "
                    "not 0x564d504c"},
    {"wrong-major", "built for plugin ABI 2.0; this vidmill speaks 1.0"},
    {"wrong-minor", "built for plugin ABI 1.1; this vidmill speaks 1.0"},
    {"wrong-size", "its descriptor claims 1000000 bytes, which is not what the file holds"},
    {"wrong-kind", "is a plugin of kind 9, which this vidmill does not know"},
    {"wrong-name", "holds the plugin \"other\", not \"wrong-name\": a file bears its plugin's "
                   "name"},
    {"wrong-letters", "its name must be at most 64 small letters, digits and '-'"},
    {"wrong-threads", "does not say how many operations may run at once: threads is 0"},
    {"wrong-summary", "its summary does not end with a full stop"},
    {"wrong-doc", "option \"word\": its doc must be a sentence that ends with a full stop"},
    {"wrong-ops-size", "its table of operations does not begin with its own size"},
    {"no-name", "the descriptor has no name"},
    {"no-version", "the descriptor has no version"},
    {"no-summary", "the descriptor has no summary"},
    {"no-create", "the descriptor has no create"},
    {"no-destroy", "the descriptor has no destroy"},
    {"no-ops", "the descriptor has no table of operations"},
    {"no-read-at", "a storage plugin must have the operation read_at"},
    {"no-list-uploads", "a storage plugin must have the operation list_uploads"},
    {"no-symbol", "exports no vm_plugin_entry: no plugin of vidmill"},
    {"short-symbol", "its vm_plugin_entry is no descriptor: 4 bytes"},
    {"unresolved", "cannot be loaded: undefined symbol: vm_function_that_is_nowhere; most often a "
                   "missing library: ldd " WRONG_FOLDER "/unresolved.so shows which"},
    {"needs-gone",
     "cannot be loaded: libabi-gone.so: cannot open shared object file: No such file "
     "or directory; most often a missing library: ldd " WRONG_FOLDER "/needs-gone.so shows which"},
};

enum { REFUSALS = sizeof refusals / sizeof *refusals };

static struct plugins plugins;

static void set_up(void)
{
	ck_assert_int_eq(plugins_init(&plugins, "/nowhere:" WRONG_FOLDER, NULL), VM_OK);
}

static void tear_down(void)
{
	plugins_finish(&plugins);
}

static void check_refused(const char *name, const char *path, const char *sentence)
{
	struct plugin *plugin = NULL;
	struct vm_error err;
	char expected[PATH_MAX + 512];

	snprintf(expected, sizeof err.message, "%s: %s", path, sentence);
	ck_assert_int_eq(plugins_find(&plugins, name, &plugin, &err), VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, expected);
	ck_assert_int_eq(err.status, VM_ERR_CONFIG);
	ck_assert_ptr_null(plugin);
	ck_assert_ptr_null(plugins.first);
}

START_TEST(a_wrong_plugin_gets_its_own_sentence)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, WRONG_FOLDER "/%s.so", refusals[_i].name);
	check_refused(refusals[_i].name, path, refusals[_i].sentence);
	/* Refused once, it is refused again. */
	check_refused(refusals[_i].name, path, refusals[_i].sentence);
}
END_TEST

struct list {
	char good[64]; /* names, each with a blank behind it */
	int refused;
};

static void note_good(void *ctx, const struct plugin *plugin)
{
	struct list *list = ctx;
	size_t length = strlen(list->good);

	snprintf(list->good + length, sizeof list->good - length, "%s ", plugin->entry.name);
}

static void note_refused(void *ctx, const struct vm_error *err)
{
	struct list *list = ctx;

	ck_assert_int_eq(err->status, VM_ERR_CONFIG);
	list->refused++;
}

START_TEST(the_list_has_the_good_ones_and_tells_of_the_others)
{
	struct list list = {0};

	ck_assert_int_eq(plugins_each(&plugins, note_good, note_refused, &list, NULL), VM_OK);
	ck_assert_str_eq(list.good, "older right ");
	ck_assert_int_eq(list.refused, REFUSALS);
}
END_TEST

START_TEST(a_right_plugin_is_found_once)
{
	struct plugin *plugin, *again;

	ck_assert_int_eq(plugins_find(&plugins, "right", &plugin, NULL), VM_OK);
	ck_assert_str_eq(plugin->entry.name, "right");
	ck_assert_str_eq(plugin->path, WRONG_FOLDER "/right.so");
	ck_assert_uint_eq(plugin->entry.kind, VM_KIND_STORAGE);
	ck_assert(VM_HAS(plugin->entry.ops.storage, presign));
	ck_assert(plugin->entry.connect != NULL);

	ck_assert_int_eq(plugins_find(&plugins, "right", &again, NULL), VM_OK);
	ck_assert_ptr_eq(again, plugin);
	ck_assert_int_eq(plugins_find(&plugins, WRONG_FOLDER "/./right.so", &again, NULL), VM_OK);
	ck_assert_ptr_eq(again, plugin);
}
END_TEST

/* Its file goes on behind the size that it states; the host must not look there. */
START_TEST(a_plugin_of_an_older_minor_loads_and_lacks_what_came_later)
{
	struct vm_presign presign = {.bytes = 1};
	struct instance *storage;
	struct plugin *plugin;
	struct vm_object object;
	struct vm_error err;

	ck_assert_int_eq(plugins_find(&plugins, "older", &plugin, NULL), VM_OK);
	ck_assert(plugin->entry.destroy != NULL);
	ck_assert(plugin->entry.connect == NULL);
	ck_assert(VM_HAS(plugin->entry.ops.storage, list_uploads));
	ck_assert(plugin->entry.ops.storage->presign == NULL);

	ck_assert_int_eq(instance_create(plugin, NULL, "storage", "/", "test", &storage, &err), VM_OK);
	ck_assert_int_eq(storage_presign(storage, &presign, NULL, NULL, NULL, &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_str_eq(err.message, "older: this storage signs no requests");
	ck_assert_int_eq(storage_decode_event(storage, "{}", 2, NULL, NULL, &err), VM_ERR_UNSUPPORTED);
	ck_assert_str_eq(err.message, "older: this storage sends no events");
	ck_assert_int_eq(storage_stat(storage, "k", &object, NULL, &err), VM_ERR_NOT_FOUND);
	ck_assert_str_eq(err.message, "stat k: nothing is kept");
	instance_destroy(storage);
}
END_TEST

START_TEST(a_plugin_may_call_itself_as_it_likes_when_its_path_is_given)
{
	struct plugin *plugin;

	ck_assert_int_eq(plugins_find(&plugins, WRONG_FOLDER "/wrong-name.so", &plugin, NULL), VM_OK);
	ck_assert_str_eq(plugin->entry.name, "other");
}
END_TEST

static char folder[PATH_MAX];

/* A file in a folder of its own; its path, which is good until the next call. */
static const char *make_file(const char *name, const void *bytes, size_t length, mode_t mode)
{
	static char path[PATH_MAX + 64];
	int fd;

	if (folder[0] == '\0') {
		snprintf(folder, sizeof folder, "/tmp/vidmill-abi-XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(folder));
	}
	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

static void remove_file(const char *path)
{
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	folder[0] = '\0';
}

static const char *copy_of_right_plugin(const char *name, mode_t mode)
{
	static char bytes[8 << 20];
	int fd = open(WRONG_FOLDER "/right.so", O_RDONLY);
	ssize_t length = read(fd, bytes, sizeof bytes);

	close(fd);
	ck_assert_int_gt(length, 0);
	ck_assert_int_lt(length, (ssize_t)sizeof bytes);
	return make_file(name, bytes, (size_t)length, mode);
}

START_TEST(a_file_that_is_no_elf_says_so)
{
	const char *path = make_file("script.so", "#!/bin/sh\n", 10, 0755);

	check_refused(path, path, "not a shared object (no ELF file)");
	remove_file(path);
	path = make_file("empty.so", "", 0, 0755);
	check_refused(path, path, "not a shared object (no ELF file)");
	remove_file(path);
}
END_TEST

START_TEST(an_elf_file_that_is_cut_off_says_what_the_loader_says)
{
	const char *path = make_file("cut.so",
	                             "\x7f"
	                             "ELF",
	                             4, 0755);
	char sentence[512];

	snprintf(sentence, sizeof sentence,
	         "cannot be loaded: file too short; most often a missing library: ldd %s shows which",
	         path);
	check_refused(path, path, sentence);
	remove_file(path);
}
END_TEST

START_TEST(a_file_that_everybody_may_write_is_not_loaded)
{
	const char *path = copy_of_right_plugin("right.so", 0777);

	check_refused(path, path, "everybody may write to it, so it is not loaded; chmod o-w it");
	remove_file(path);
}
END_TEST

START_TEST(two_files_may_not_hold_the_same_plugin)
{
	const char *path = copy_of_right_plugin("right.so", 0755);
	struct plugin *plugin, *other = NULL;
	char sentence[512];
	struct vm_error err;

	ck_assert_int_eq(plugins_find(&plugins, "right", &plugin, NULL), VM_OK);
	ck_assert_int_eq(plugins_find(&plugins, path, &other, &err), VM_ERR_CONFIG);
	snprintf(sentence, sizeof sentence, "%s: holds the plugin \"right\", and so does %s", path,
	         plugin->path);
	ck_assert_str_eq(err.message, sentence);
	ck_assert_ptr_null(other);
	remove_file(path);
}
END_TEST

START_TEST(what_is_no_file_or_not_there_says_so)
{
	check_refused("/nowhere/x.so", "/nowhere/x.so", "No such file or directory");
	check_refused("/tmp/", "/tmp/", "not a file");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("refusals");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_wrong_plugin_gets_its_own_sentence, 0, REFUSALS);
	tcase_add_test(tests, the_list_has_the_good_ones_and_tells_of_the_others);
	tcase_add_test(tests, a_right_plugin_is_found_once);
	tcase_add_test(tests, a_plugin_of_an_older_minor_loads_and_lacks_what_came_later);
	tcase_add_test(tests, a_plugin_may_call_itself_as_it_likes_when_its_path_is_given);
	tcase_add_test(tests, a_file_that_is_no_elf_says_so);
	tcase_add_test(tests, an_elf_file_that_is_cut_off_says_what_the_loader_says);
	tcase_add_test(tests, a_file_that_everybody_may_write_is_not_loaded);
	tcase_add_test(tests, two_files_may_not_hold_the_same_plugin);
	tcase_add_test(tests, what_is_no_file_or_not_there_says_so);
	return run_tests(tests, "refusals");
}
