/* fragment.c - where the first sample of a movie fragment ends. */
#include "fragment.h"

#include <libavutil/intreadwrite.h>

#include "box.h"

/* Flags of tfhd and trun: the fields that are there, in this order (14496-12, 8.8.7 and 8.8.8). */
enum {
	TFHD_BASE_OFFSET = 0x1,
	TFHD_DESCRIPTION = 0x2,
	TFHD_DURATION = 0x8,
	TFHD_SIZE = 0x10,
	TRUN_DATA_OFFSET = 0x1,
	TRUN_FIRST_FLAGS = 0x4,
	TRUN_DURATION = 0x100,
	TRUN_SIZE = 0x200
};

static uint32_t flags_of(struct span box)
{
	return box.length < FULL_BOX_HEAD ? 0 : AV_RB32(box.bytes + BOX_HEAD) & 0xFFFFFF;
}

static uint32_t read(struct span box, size_t at)
{
	return at + 4 <= box.length ? AV_RB32(box.bytes + at) : 0;
}

/* The size that samples have of which no other is told. */
static uint32_t usual_size(struct span tfhd)
{
	uint32_t flags = flags_of(tfhd);
	size_t at = FULL_BOX_HEAD + 4; /* behind the track's number */

	if ((flags & TFHD_SIZE) == 0)
		return 0;
	at += (flags & TFHD_BASE_OFFSET) ? 8 : 0;
	at += (flags & TFHD_DESCRIPTION) ? 4 : 0;
	at += (flags & TFHD_DURATION) ? 4 : 0;
	return read(tfhd, at);
}

uint64_t fragment_first_sample(const uint8_t *segment, size_t length)
{
	struct span moof = box_find((struct span){segment, length}, "moof");
	struct span track = box_find_at(box_inside(moof, BOX_HEAD), "traf");
	struct span tfhd = box_find(track, "tfhd"), trun = box_find(track, "trun");
	uint32_t flags = flags_of(trun), offset, size;
	size_t at = FULL_BOX_HEAD + 4; /* behind the number of samples */
	uint64_t end;

	if (moof.bytes != segment || (flags & TRUN_DATA_OFFSET) == 0)
		return 0;
	offset = read(trun, at);
	at += 4;
	at += (flags & TRUN_FIRST_FLAGS) ? 4 : 0;
	at += (flags & TRUN_DURATION) ? 4 : 0;
	size = (flags & TRUN_SIZE) ? read(trun, at) : usual_size(tfhd);
	end = (uint64_t)offset + size;
	return size > 0 && offset >= moof.length && end <= length ? end : 0;
}
