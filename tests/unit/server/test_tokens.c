/* test_tokens.c - lines of server.tokens, and who they let in. */
#include "run.h"

#include "server/tokens.h"

/* SHA-256 of "alpha" and "beta". */
#define ALPHA "8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8"
#define BETA "f44e64e75f3948e9f73f8dfa94721c4ce8cbb4f265c4790c702b2d41cfbf2753"

static struct tokens *read_tokens(const char *text)
{
	struct tokens *tokens = NULL;
	struct vm_error err;

	ck_assert_msg(tokens_create(text, &tokens, &err) == VM_OK, "%s", err.message);
	return tokens;
}

START_TEST(a_token_is_found_by_its_hash)
{
	struct tokens *tokens = read_tokens("# who may enter\n\nann:" ALPHA "\r\nbob:" BETA
	                                    ":operator");
	const struct token *token = tokens_find(tokens, "alpha");

	ck_assert_str_eq(token->name, "ann");
	ck_assert(!token->is_operator);
	token = tokens_find(tokens, "beta");
	ck_assert_str_eq(token->name, "bob");
	ck_assert(token->is_operator);
	tokens_destroy(tokens);
}
END_TEST

START_TEST(nobody_else_is_found)
{
	struct tokens *tokens = read_tokens("ann:" ALPHA "\n");

	ck_assert_ptr_null(tokens_find(tokens, ""));
	ck_assert_ptr_null(tokens_find(tokens, "alph"));
	ck_assert_ptr_null(tokens_find(tokens, "alpha "));
	ck_assert_ptr_null(tokens_find(tokens, ALPHA));
	tokens_destroy(tokens);
}
END_TEST

START_TEST(the_hash_may_be_in_capitals)
{
	struct tokens *tokens = read_tokens(
	    "ann:8ED3F6AD685B959EAD7022518E1AF76CD816F8E8EC7CCDDA1ED4018E8F2223F8");

	ck_assert_ptr_nonnull(tokens_find(tokens, "alpha"));
	tokens_destroy(tokens);
}
END_TEST

static const char *const wrong[] = {
    "ann",
    "ann:",
    ":" ALPHA,
    "ann:abc",
    "ann:" ALPHA "0",
    "ann:" ALPHA ":admin",
    "a b:" ALPHA,
    "ann:alpha:" ALPHA,
};

START_TEST(a_wrong_line_is_named_and_not_quoted)
{
	char text[512];
	struct tokens *tokens = NULL;
	struct vm_error err;

	snprintf(text, sizeof text, "# one\nann:" ALPHA "\n%s\n", wrong[_i]);
	ck_assert_int_eq(tokens_create(text, &tokens, &err), VM_ERR_CONFIG);
	ck_assert_ptr_null(tokens);
	ck_assert_ptr_nonnull(strstr(err.message, "line 3"));
	ck_assert_ptr_null(strstr(err.message, wrong[_i]));
}
END_TEST

START_TEST(a_list_without_tokens_is_refused)
{
	struct tokens *tokens;
	struct vm_error err;

	ck_assert_int_eq(tokens_create("# nobody yet\n", &tokens, &err), VM_ERR_CONFIG);
	ck_assert_int_eq(tokens_create("", &tokens, &err), VM_ERR_CONFIG);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("tokens");

	tcase_add_test(tests, a_token_is_found_by_its_hash);
	tcase_add_test(tests, nobody_else_is_found);
	tcase_add_test(tests, the_hash_may_be_in_capitals);
	tcase_add_loop_test(tests, a_wrong_line_is_named_and_not_quoted, 0,
	                    (int)(sizeof wrong / sizeof wrong[0]));
	tcase_add_test(tests, a_list_without_tokens_is_refused);
	return run_tests(tests, "tokens");
}
