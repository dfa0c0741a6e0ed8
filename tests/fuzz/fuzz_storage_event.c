/* fuzz_storage_event.c - a message of a queue: refused with a line, or objects of ours told. */
#include "fuzz/fuzz.h"
#include "s3.h"

static enum vm_more emit(void *ctx, const struct vm_storage_event *event)
{
	(void)ctx;
	fuzz_expect(event->key != NULL && event->key[0] != '\0');
	fuzz_expect(strlen(event->key) < 3 * VM_KEY_MAX);
	return VM_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct s3_config config = {.bucket = "ours", .prefix = "p/"};
	struct s3 s3 = {.config = &config};
	struct vm_error err;
	int status = s3_decode_event(&s3, bytes, length, emit, NULL, &err);

	if (status != VM_OK)
		fuzz_expect_refusal(VM_ERR_BAD_DATA, status, &err);
	return 0;
}
