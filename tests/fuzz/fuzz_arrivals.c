/* fuzz_arrivals.c - task messages: ours, the store's, or refused with a line. */
#include "fake.h"
#include "fuzz/fuzz.h"
#include "server/arrivals.h"
#include "server/documents.h"
#include "support/log.h"
#include "video/keys.h"
#include "video/message.h"

/*
 * A store whose messages are lines of "key TAB etag TAB sequencer", so that
 * keys of any bytes reach the server. A message without a tab is not its own.
 */
static int decode_event(void *self, const void *message, size_t length, vm_event_fn *emit,
                        void *ctx, struct vm_error *err)
{
	char *text = strndup(message, length), *next = text;
	enum vm_more more = VM_MORE;

	(void)self;
	fuzz_expect(text != NULL);
	if (strchr(text, '\t') == NULL) {
		free(text);
		return vm_fail(err, VM_ERR_BAD_DATA, "no message of this store");
	}
	while (next != NULL && more == VM_MORE) {
		char *line = strsep(&next, "\n");
		struct vm_storage_event event = {.key = strsep(&line, "\t")};

		event.etag = line != NULL ? strsep(&line, "\t") : NULL;
		event.sequencer = line;
		/* What the ABI says of keys and etags. */
		if (event.key[0] != '\0' && strlen(event.key) < VM_KEY_MAX &&
		    (event.etag == NULL || strlen(event.etag) < VM_ETAG_MAX))
			more = emit(ctx, &event);
	}
	free(text);
	return VM_OK;
}

static void expect_arrivals(struct fake *fake, const struct arrivals *arrivals)
{
	struct video video;
	struct vm_error err;

	fuzz_expect(!arrivals->is_ours || arrivals->count == 1);
	for (size_t i = 0; i < arrivals->count; i++) {
		fuzz_expect(video_id_is_valid(arrivals->items[i].video));
		/* A stranger's object has become a video; of ours none was made. */
		int status = document_read(fake->server.places.meta, arrivals->items[i].video, &video, NULL,
		                           &err);

		fuzz_expect(status == VM_OK || status == VM_ERR_NOT_FOUND);
	}
}

static void read_twice(struct fake *fake, const uint8_t *bytes, size_t length)
{
	struct vm_message message = {.id = "1", .receipt = "1", .body = bytes, .length = length};
	struct arrivals first, second;
	struct vm_error err;
	int status = arrivals_read(&fake->server, &message, &first, NULL, &err);

	if (status != VM_OK) {
		fuzz_expect(status == VM_ERR_BAD_DATA || status == VM_ERR_NOT_FOUND);
		fuzz_expect_refusal(status, status, &err);
		return;
	}
	expect_arrivals(fake, &first);
	/* Told again, it is about the same videos. */
	fuzz_expect(arrivals_read(&fake->server, &message, &second, NULL, &err) == VM_OK);
	fuzz_expect(first.count == second.count);
	for (size_t i = 0; i < first.count; i++)
		fuzz_expect(strcmp(first.items[i].video, second.items[i].video) == 0);
	arrivals_finish(&first);
	arrivals_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fake fake;

	if (length > 4096)
		return 0; /* as many videos as the fake's documents hold */
	log_setup(VM_LOG_ERROR, LOG_TEXT);
	fake_prepare(&fake, &(struct fake_options){.decode_event = decode_event});
	read_twice(&fake, bytes, length);
	fake.pipeline.policy.ingest = INGEST_ANY;
	read_twice(&fake, bytes, length);
	fake_stop(&fake);
	return 0;
}
