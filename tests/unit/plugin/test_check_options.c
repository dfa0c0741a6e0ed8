/* test_check_options.c - every way in which an option table can be wrong is a sentence. */
#include "plugin/handshake.h"

#include "run.h"

struct entry {
	const char *name;
	int64_t height;
};

struct config {
	const char *word;
	int64_t number;
	int choice;
	struct vm_groups groups;
};

static const char *const choices[] = {"a", "b", NULL};
static const char *const no_choices[] = {NULL};

static const struct vm_option entry_table[] = {
    {.name = "name", VM_STRING(struct entry, name), .flags = VM_REQUIRED | VM_UNIQUE, .doc = "D."},
    {.name = "height", VM_INT(struct entry, height), .min = 1, .max = 9, .doc = "D."},
    {0},
};

static const struct vm_option bad_entry_table[] = {
    {.name = "height", VM_INT(struct entry, height), .doc = "no stop"},
    {0},
};

static int check(const struct vm_option *table, enum vm_kind kind, struct vm_error *err)
{
	struct plugin plugin = {
	    .entry = {VM_PLUGIN(kind), .options = table, .config_size = sizeof(struct config)},
	    .path = (char[]){"x.so"},
	};

	return check_options(&plugin, err);
}

START_TEST(a_good_table_passes)
{
	const struct vm_option table[] = {
	    {.name = "word", VM_STRING(struct config, word), .flags = VM_SECRET, .doc = "D."},
	    {.name = "number", VM_INT(struct config, number), .fallback = "5", .doc = "D."},
	    {.name = "choice_2", VM_CHOICE(struct config, choice), .choices = choices, .doc = "D."},
	    {.name = "groups",
	     VM_GROUPS(struct config, groups, entry_table, struct entry),
	     .doc = "D."},
	    {0},
	};

	ck_assert_int_eq(check(table, VM_KIND_CODEC, NULL), VM_OK);
	ck_assert_int_eq(check(NULL, VM_KIND_CODEC, NULL), VM_OK);
}
END_TEST

#define WORD VM_STRING(struct config, word)
#define NUMBER VM_INT(struct config, number)

static const struct {
	struct vm_option row;
	const char *sentence;
} faults[] = {
    {{.name = "Word", WORD, .doc = "D."}, "its name must be small letters, digits and '_'"},
    {{.name = "", WORD, .doc = "D."}, "its name must be small letters, digits and '_'"},
    {{.name = "2nd", WORD, .doc = "D."}, "its name must be small letters, digits and '_'"},
    {{.name = "plugin", WORD, .doc = "D."}, "the pipeline file uses this name itself"},
    {{.name = "from", WORD, .doc = "D."}, "the pipeline file uses this name itself"},
    {{.name = "first", WORD, .doc = "D."}, "two rows have this name"},
    {{.name = "w", .doc = "D."}, "its type is not one that this vidmill knows"},
    {{.name = "w", .type = (enum vm_option_type)99, .doc = "D."},
     "its type is not one that this vidmill knows"},
    {{.name = "w", WORD}, "its doc must be a sentence that ends with a full stop"},
    {{.name = "w", WORD, .doc = ""}, "its doc must be a sentence that ends with a full stop"},
    {{.name = "w", WORD, .doc = "D"}, "its doc must be a sentence that ends with a full stop"},
    {{.name = "w", .type = VM_OPTION_STRING, .offset = sizeof(struct config), .doc = "D."},
     "its field does not lie within the config struct"},
    {{.name = "w", .type = VM_OPTION_STRING, .offset = SIZE_MAX - 7, .doc = "D."},
     "its field does not lie within the config struct"},
    {{.name = "w", .type = VM_OPTION_STRING, .offset = 4, .doc = "D."},
     "its field does not lie within the config struct"},
    {{.name = "n", NUMBER, .min = 2, .max = 1, .doc = "D."}, "its min is above its max"},
    {{.name = "w", WORD, .flags = VM_REQUIRED, .fallback = "x", .doc = "D."},
     "it is required and has a fallback as well"},
    {{.name = "n", NUMBER, .flags = VM_SECRET, .doc = "D."}, "only a string can be secret"},
    {{.name = "w", WORD, .flags = VM_UNIQUE, .doc = "D."},
     "only a string in a group can be unique"},
    {{.name = "c", VM_CHOICE(struct config, choice), .doc = "D."}, "it has no choices"},
    {{.name = "c", VM_CHOICE(struct config, choice), .choices = no_choices, .doc = "D."},
     "it has no choices"},
    {{.name = "g", VM_GROUPS(struct config, groups, NULL, struct entry), .doc = "D."},
     "it has no table for its groups"},
};

START_TEST(each_fault_has_its_sentence)
{
	const struct vm_option table[] = {
	    {.name = "first", WORD, .doc = "D."},
	    faults[_i].row,
	    {0},
	};
	struct vm_error err;
	char expected[256];

	snprintf(expected, sizeof expected, "x.so: option \"%s\": %s", faults[_i].row.name,
	         faults[_i].sentence);
	ck_assert_int_eq(check(table, VM_KIND_CODEC, &err), VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, expected);
}
END_TEST

START_TEST(a_fault_in_a_group_names_both)
{
	const struct vm_option table[] = {
	    {.name = "groups",
	     VM_GROUPS(struct config, groups, bad_entry_table, struct entry),
	     .doc = "D."},
	    {0},
	};
	struct vm_error err;

	ck_assert_int_eq(check(table, VM_KIND_META, &err), VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, "x.so: option \"groups.height\": its doc must be a sentence that "
	                              "ends with a full stop");
}
END_TEST

START_TEST(only_a_stage_has_a_name_and_a_from)
{
	const struct vm_option table[] = {
	    {.name = "from", WORD, .doc = "D."},
	    {.name = "name", WORD, .doc = "D."},
	    {0},
	};

	ck_assert_int_eq(check(table, VM_KIND_META, NULL), VM_OK);
	ck_assert_int_eq(check(table, VM_KIND_CODEC, NULL), VM_ERR_CONFIG);
}
END_TEST

START_TEST(a_table_without_end_is_given_up)
{
	static char names[300][8];
	static struct vm_option table[300];
	struct vm_error err;

	for (int i = 0; i < 300; i++) {
		snprintf(names[i], sizeof names[i], "o%d", i);
		table[i] = (struct vm_option){.name = names[i], WORD, .doc = "D."};
	}
	ck_assert_int_eq(check(table, VM_KIND_META, &err), VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, "x.so: its option table does not end with a row without name");
}
END_TEST

START_TEST(a_table_that_is_its_own_group_is_given_up)
{
	static struct vm_option table[] = {{0}, {0}};
	struct vm_error err;

	table[0] = (struct vm_option){
	    .name = "g", VM_GROUPS(struct config, groups, table, struct config), .doc = "D."};
	ck_assert_int_eq(check(table, VM_KIND_META, &err), VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, "x.so: option \"g.g.g.g.g\": its groups are nested too deep");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("check_options");

	tcase_add_test(tests, a_good_table_passes);
	tcase_add_loop_test(tests, each_fault_has_its_sentence, 0, sizeof faults / sizeof *faults);
	tcase_add_test(tests, a_fault_in_a_group_names_both);
	tcase_add_test(tests, only_a_stage_has_a_name_and_a_from);
	tcase_add_test(tests, a_table_without_end_is_given_up);
	tcase_add_test(tests, a_table_that_is_its_own_group_is_given_up);
	return run_tests(tests, "check_options");
}
