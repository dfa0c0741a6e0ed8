/* sniff.c - which demuxer a file is for, by its first bytes and by nothing else. */
#include "sniff.h"

#include <stdbool.h>
#include <string.h>

const char sniff_formats[] =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,wav,flac,mp3,aac";

/* FFmpeg's own probing would take a text that names other files for a playlist: it is not asked. */
static const struct {
	const char *demuxer;
	size_t offset;
	size_t length;
	const char *bytes;
} marks[] = {
    {"mov", 4, 4, "ftyp"},    {"mov", 4, 4, "moov"},
    {"mov", 4, 4, "mdat"},    {"mov", 4, 4, "wide"},
    {"mov", 4, 4, "free"},    {"mov", 4, 4, "skip"},
    {"mov", 4, 4, "styp"},    {"matroska", 0, 4, "\x1a\x45\xdf\xa3"},
    {"avi", 8, 4, "AVI "},    {"wav", 8, 4, "WAVE"},
    {"flv", 0, 4, "FLV\x01"}, {"ogg", 0, 4, "OggS"},
    {"flac", 0, 4, "fLaC"},   {"mpeg", 0, 4, "\x00\x00\x01\xba"},
};

static bool has(const uint8_t *bytes, size_t length, size_t offset, const char *mark, size_t size)
{
	return length >= offset + size && memcmp(bytes + offset, mark, size) == 0;
}

/* A transport stream has no signature but a sync byte that comes back in each packet. */
static bool is_transport_stream(const uint8_t *bytes, size_t length)
{
	static const struct {
		size_t first, step;
	} layouts[] = {{0, 188}, {4, 192}, {0, 204}};

	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		size_t found = 0;

		for (size_t at = layouts[i].first; at < length && bytes[at] == 0x47; at += layouts[i].step)
			found++;
		if (found * layouts[i].step + layouts[i].step > length && found >= 3)
			return true;
	}
	return false;
}

static bool is_adts(const uint8_t *bytes, size_t length)
{
	return length >= 7 && bytes[0] == 0xff && (bytes[1] & 0xf6) == 0xf0 &&
	       ((bytes[2] >> 2) & 0x0f) < 13;
}

static bool is_mpeg_audio(const uint8_t *bytes, size_t length)
{
	return length >= 4 && bytes[0] == 0xff && (bytes[1] & 0xe0) == 0xe0 &&
	       (bytes[1] & 0x18) != 0x08 && (bytes[1] & 0x06) != 0 && (bytes[2] & 0xf0) != 0xf0 &&
	       (bytes[2] & 0x0c) != 0x0c;
}

const char *sniff(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (has(bytes, length, marks[i].offset, marks[i].bytes, marks[i].length))
			return marks[i].demuxer;
	if (is_transport_stream(bytes, length))
		return "mpegts";
	if (is_adts(bytes, length))
		return "aac";
	if (is_mpeg_audio(bytes, length))
		return "mp3";
	return NULL;
}

size_t sniff_tag_bytes(const uint8_t *bytes, size_t length)
{
	if (!has(bytes, length, 0, "ID3", 3) || length < 10)
		return 0;
	return 10 +
	       (((size_t)bytes[6] & 0x7f) << 21 | ((size_t)bytes[7] & 0x7f) << 14 |
	        ((size_t)bytes[8] & 0x7f) << 7 | ((size_t)bytes[9] & 0x7f)) +
	       ((bytes[5] & 0x10) != 0 ? 10 : 0);
}
