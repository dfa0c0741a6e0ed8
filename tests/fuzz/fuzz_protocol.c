/* fuzz_protocol.c - one frame of a codec child: refused, or exactly what writing it again gives. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "worker/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	unsigned char again[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX];
	struct frame_header header;
	struct message message;
	size_t head;

	if (length < FRAME_HEADER_BYTES ||
	    frame_read_header(FRAME_FROM_CHILD, bytes, &header, NULL) != VM_OK)
		return 0;
	if (header.length > length - FRAME_HEADER_BYTES)
		header.length = length - FRAME_HEADER_BYTES; /* a frame that is cut */
	if (message_read(&header, bytes + FRAME_HEADER_BYTES, &message, NULL) != VM_OK)
		return 0;
	head = message_write(&message, again);
	if (head + message.n_data != FRAME_HEADER_BYTES + header.length ||
	    memcmp(again + FRAME_HEADER_BYTES, bytes + FRAME_HEADER_BYTES, head - FRAME_HEADER_BYTES))
		abort();
	return 0;
}
