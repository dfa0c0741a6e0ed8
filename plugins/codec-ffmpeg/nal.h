/* nal.h - what the units are that a packet of H.264 is made of. */
#ifndef CODEC_FFMPEG_NAL_H
#define CODEC_FFMPEG_NAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nal_facts {
	bool idr;       /* a picture that no other one is needed for, also later on */
	bool captioned; /* captions of television travel with it */
	bool changes;   /* parameter sets that the track does not have */
};

/*
 * Pure. `avcc`, the track's box of at least 7 bytes, says how long the lengths of the units are.
 * False: the packet is not made of whole units.
 */
bool nal_read(const uint8_t *packet, size_t length, const uint8_t *avcc, size_t avcc_length,
              struct nal_facts *out);

#endif
