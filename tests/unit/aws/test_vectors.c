/* test_vectors.c - stored requests whose every step another signer has computed. */
#include "run.h"
#include "sign_json.h"

/* tests/data/aws/vectors.py made it, by botocore. */
#define VECTORS TEST_FOLDER "/../../data/aws/vectors.json"

START_TEST(every_step_of_every_vector_is_the_same)
{
	json_error_t error;
	json_t *vectors = json_load_file(VECTORS, 0, &error);
	const char *name;
	json_t *vector;

	ck_assert_msg(vectors != NULL, "%s:%d: %s", VECTORS, error.line, error.text);
	ck_assert_uint_ge(json_object_size(vectors), 50);
	json_object_foreach(vectors, name, vector)
	{
		const json_t *wanted = json_object_get(vector, "answer");
		json_t *answer = sign_json(json_object_get(vector, "request"));
		char *text = json_dumps(answer, JSON_INDENT(2) | JSON_SORT_KEYS);
		char *wanted_text = json_dumps(wanted, JSON_INDENT(2) | JSON_SORT_KEYS);

		ck_assert_msg(answer != NULL && json_equal(answer, wanted), "%s: %s\nbut wanted %s", name,
		              text, wanted_text);
		free(wanted_text);
		free(text);
		json_decref(answer);
	}
	json_decref(vectors);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("vectors");

	tcase_add_test(tests, every_step_of_every_vector_is_the_same);
	return run_tests(tests, "vectors");
}
