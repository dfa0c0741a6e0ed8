/* fuzz_requests.c - a whole conversation of a hostile codec child, served by the real worker. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "support/log.h"
#include "unit/worker/fake_store.h"
#include "worker/requests.h"

enum { SOURCE_BYTES = 100000 };

static int read_at(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                   size_t *got, const struct vm_call *call, struct vm_error *err)
{
	(void)call;
	(void)err;
	*got = offset >= source->bytes           ? 0
	       : length < source->bytes - offset ? length
	                                         : (size_t)(source->bytes - offset);
	memset(buffer, 'v', *got);
	return VM_OK;
}

/* Serves what the bytes ask for, until they break the protocol or end. */
static void serve(struct channel *channel, struct uploader *uploader)
{
	struct vm_source source = {.bytes = SOURCE_BYTES, .read_at = read_at};
	struct requests requests;
	struct buffer json;
	struct frame frame;
	struct vm_error error;
	bool complete;
	int status;

	buffer_init(&json, 1 << 16);
	status = requests_init(&requests, channel, uploader, "web", &error);
	requests_allow(&requests, &source, &json, true);
	while (status == VM_OK) {
		status = channel_receive(channel, &frame, &complete, &error);
		if (status != VM_OK || !complete)
			break;
		if (frame.message.type >= MESSAGE_READ)
			status = requests_serve(&requests, &frame, &error);
		else
			free(frame.payload);
	}
	/* The child is ended before the rest is waited for. */
	shutdown(channel->fd, SHUT_RDWR);
	requests_drain(&requests);
	requests_finish(&requests);
	buffer_finish(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fake_store *store = fake_store_create();
	struct instance *instance = fake_store_instance(store);
	const struct uploader_want want = {.storage = instance,
	                                   .prefix = "processed/v/1-1-n/",
	                                   .output_bytes_most = 1 << 20,
	                                   .memory_bytes = 4 << 20};
	struct uploader *uploader = NULL;
	struct channel channel;
	int sockets[2];

	log_setup(VM_LOG_ERROR, LOG_TEXT);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0 ||
	    uploader_create(&want, &uploader, NULL) != VM_OK)
		abort();
	if (send(sockets[1], bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		length = 0;
	channel_init(&channel, sockets[0], FRAME_FROM_CHILD);
	serve(&channel, uploader);
	uploader_drain(uploader, NULL);
	if (fake_store_open_uploads(store) != 0)
		abort();
	uploader_destroy(uploader);
	channel_finish(&channel);
	close(sockets[1]);
	instance_destroy(instance);
	fake_store_destroy(store);
	return 0;
}
