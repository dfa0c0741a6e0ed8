/* boxes.c - the outermost boxes of an ISO base media file. */
#include "boxes.h"

#include <string.h>

#include <libavutil/intreadwrite.h>

int box_read(struct vm_source *source, uint64_t offset, struct box *out, const struct vm_call *call,
             struct vm_error *err)
{
	uint8_t head[16];
	size_t got = 0;
	uint64_t least = 8;
	int status = source->read_at(source, offset, head, sizeof head, &got, call, err);

	if (status != VM_OK)
		return status;
	if (got < 8)
		return vm_fail(err, VM_ERR_BAD_DATA, "a box breaks off at byte %llu",
		               (unsigned long long)offset);
	out->offset = offset;
	out->bytes = AV_RB32(head);
	memcpy(out->type, head + 4, 4);
	out->type[4] = '\0';
	if (out->bytes == 1 && got == sizeof head) {
		out->bytes = AV_RB64(head + 8);
		least = 16;
	}
	if (out->bytes < least || out->bytes > source->bytes - offset)
		return vm_fail(err, VM_ERR_BAD_DATA, "a box at byte %llu does not fit into the file",
		               (unsigned long long)offset);
	return VM_OK;
}

int boxes_list(struct vm_source *source, char *text, size_t size, const struct vm_call *call,
               struct vm_error *err)
{
	char last[5] = "";
	size_t length = 0;
	uint64_t at = 0;
	struct box box;
	int status;

	text[0] = '\0';
	while (at < source->bytes) {
		if ((status = box_read(source, at, &box, call, err)) != VM_OK)
			return status;
		if (strcmp(box.type, last) != 0 && length + 6 < size)
			length += (size_t)snprintf(text + length, size - length, "%s%s", length > 0 ? " " : "",
			                           box.type);
		memcpy(last, box.type, sizeof last);
		at += box.bytes;
	}
	return VM_OK;
}
