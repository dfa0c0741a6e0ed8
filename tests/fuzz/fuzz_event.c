/* fuzz_event.c - an event of a worker: refused with a line, or written again the same. */
#include "fuzz/fuzz.h"
#include "video/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct event event, again;
	struct vm_error err;
	char *text, *same;
	int status = event_read(bytes, length, &event, &err);

	if (status != VM_OK) {
		fuzz_expect_refusal(VM_ERR_BAD_DATA, status, &err);
		return 0;
	}
	fuzz_expect_line(event_type_name(event.type));
	text = event_write(&event);
	fuzz_expect(text != NULL && event_read(text, strlen(text), &again, &err) == VM_OK);
	same = event_write(&again);
	fuzz_expect(same != NULL && strcmp(text, same) == 0);
	free(text);
	free(same);
	return 0;
}
