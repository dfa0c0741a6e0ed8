/* fuzz_job.c - a worker's job: refused with a line, or written again the same. */
#include "fuzz/fuzz.h"
#include "video/keys.h"
#include "video/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct job job, again;
	struct vm_error err;
	char *text = malloc(length + 1), *same;
	int status;

	fuzz_expect(text != NULL);
	memcpy(text, bytes, length);
	text[length] = '\0';
	status = job_read(text, &job, &err);
	free(text);
	if (status != VM_OK) {
		fuzz_expect_refusal(VM_ERR_BAD_DATA, status, &err);
		return 0;
	}
	fuzz_expect(video_id_is_valid(job.video));
	text = job_write(&job);
	fuzz_expect(text != NULL && job_read(text, &again, &err) == VM_OK);
	same = job_write(&again);
	fuzz_expect(same != NULL && strcmp(text, same) == 0);
	free(text);
	free(same);
	return 0;
}
