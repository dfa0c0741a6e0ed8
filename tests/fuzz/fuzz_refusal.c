/* fuzz_refusal.c - an answer of a service: whatever it is, a status and a line come of it. */
#include "aws/error.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct http_answer answer = {.status = length > 0 ? 100 + 2 * bytes[0] : 500};
	struct aws_refusal refusal;
	struct vm_error err;
	int status;

	kit_buffer_init(&answer.body, SIZE_MAX / 2);
	fuzz_expect(kit_buffer_append(&answer.body, bytes, length, NULL) == VM_OK);
	aws_refusal_read(&answer, &refusal);
	status = aws_refusal_fail(&refusal, &answer, "do it", &err);
	fuzz_expect(status > VM_OK && status <= VM_ERR_BUG);
	fuzz_expect_refusal(status, status, &err);
	http_answer_finish(&answer);
	return 0;
}
