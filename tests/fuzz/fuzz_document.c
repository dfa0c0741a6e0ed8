/* fuzz_document.c - a stored document: refused with a line, or written again the same. */
#include <jansson.h>

#include "fuzz/fuzz.h"
#include "support/json.h"
#include "video/video.h"

static char *write_document(json_t *json)
{
	char *text = json != NULL ? json_write(json) : NULL;

	fuzz_expect(text != NULL);
	json_decref(json);
	return text;
}

static int read_document(const void *text, size_t length, struct video *out, struct vm_error *err)
{
	json_t *json;
	int status = json_read_object(text, length, &json, err);

	if (status != VM_OK)
		return status;
	status = video_from_json(json, 7, out, err);
	json_decref(json);
	return status;
}

/* Clients see neither what lets a worker speak nor what would. */
static void expect_no_secret(const struct video *video)
{
	json_t *json = video_to_public_json(video);

	fuzz_expect(json != NULL && json_object_get(json, "attempt") == NULL);
	fuzz_expect(json_object_get(json, "source") == NULL);
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct video video, again;
	struct vm_error err;
	char *text, *same;
	int status = read_document(bytes, length, &video, &err);

	if (status != VM_OK) {
		fuzz_expect_refusal(VM_ERR_BAD_DATA, status, &err);
		return 0;
	}
	fuzz_expect_line(video_state_name(video.state));
	expect_no_secret(&video);
	text = write_document(video_to_json(&video));
	fuzz_expect(read_document(text, strlen(text), &again, &err) == VM_OK && again.version == 7);
	same = write_document(video_to_json(&again));
	fuzz_expect(strcmp(text, same) == 0);
	free(text);
	free(same);
	return 0;
}
