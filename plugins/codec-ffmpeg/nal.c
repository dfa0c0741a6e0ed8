/* nal.c - what the units are that a packet of H.264 is made of. */
#include "nal.h"

#include <string.h>

/* ITU-T H.264, table 7-1. */
enum { NAL_TYPE = 0x1f, NAL_IDR = 5, NAL_SEI = 6, NAL_SPS = 7, NAL_PPS = 8 };

static bool holds(const uint8_t *bytes, size_t length, const uint8_t *part, size_t part_length)
{
	const uint8_t *end = bytes + length, *at = bytes;

	while ((size_t)(end - at) >= part_length &&
	       (at = memchr(at, part[0], (size_t)(end - at) - part_length + 1)) != NULL) {
		if (memcmp(at, part, part_length) == 0)
			return true;
		at++;
	}
	return false;
}

bool nal_read(const uint8_t *packet, size_t length, const uint8_t *avcc, size_t avcc_length,
              struct nal_facts *out)
{
	const size_t length_bytes = (avcc[4] & 3U) + 1;

	memset(out, 0, sizeof *out);
	while (length > 0) {
		size_t unit = 0;

		if (length < length_bytes)
			return false;
		for (size_t i = 0; i < length_bytes; i++)
			unit = unit << 8 | packet[i];
		packet += length_bytes;
		length -= length_bytes;
		if (unit == 0 || unit > length)
			return false;
		switch (packet[0] & NAL_TYPE) {
		case NAL_IDR:
			out->idr = true;
			break;
		case NAL_SEI:
			out->captioned = out->captioned || holds(packet, unit, (const uint8_t *)"GA94", 4);
			break;
		case NAL_SPS:
		case NAL_PPS:
			out->changes = out->changes || !holds(avcc, avcc_length, packet, unit);
			break;
		default:
			break;
		}
		packet += unit;
		length -= unit;
	}
	return true;
}
