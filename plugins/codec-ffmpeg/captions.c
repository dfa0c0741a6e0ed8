/* captions.c - captions of television (CEA-608) that travel inside the pictures. */
#include "captions.h"

/* Three bytes each: five ones, whether it is valid, two bits of its type; and two characters. */
#define ENTRY_BYTES 3
#define VALID 0x04
#define TYPE_MASK 0x03
#define FIELD_1 0x00
#define WITHOUT_PARITY 0x7f

bool captions_in(const AVFrame *frame)
{
	const AVFrameSideData *side = av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC);

	for (size_t i = 0; side != NULL && i + ENTRY_BYTES <= side->size; i += ENTRY_BYTES) {
		const uint8_t *entry = side->data + i;

		if ((entry[0] & VALID) != 0 && (entry[0] & TYPE_MASK) == FIELD_1 &&
		    ((entry[1] | entry[2]) & WITHOUT_PARITY) != 0)
			return true;
	}
	return false;
}
