/* codec_string.c - a track's codec as RFC 6381 writes it: what CODECS of a playlist holds. */
#include "codec_string.h"

#include <stdio.h>
#include <string.h>

#include <libavformat/avformat.h>
#include <libavutil/intreadwrite.h>

/* What stands before the boxes inside: of a list of entries, and of an entry (14496-12, 8.5.2). */
enum { LIST_HEAD = FULL_BOX_HEAD + 4 - BOX_HEAD, PICTURES_HEAD = 86, SOUND_HEAD = 36 };

/* 14496-15, 5.3.3.1.2 */
static void of_avcc(struct span box, char *text)
{
	if (box.length >= 4)
		snprintf(text, CODEC_STRING_MAX, "avc1.%02x%02x%02x", box.bytes[1], box.bytes[2],
		         box.bytes[3]);
}

/* 14496-15, 8.3.3.1.2 and annex E.3 */
static void of_hvcc(struct span box, char *text)
{
	static const char *const spaces[] = {"", "A", "B", "C"};
	uint32_t compatible, reversed = 0;
	size_t last = 12, at;

	if (box.length < 13)
		return;
	compatible = AV_RB32(box.bytes + 2);
	for (int i = 0; i < 32; i++)
		reversed |= ((compatible >> i) & 1) << (31 - i);
	at = (size_t)snprintf(text, CODEC_STRING_MAX, "hvc1.%s%d.%X.%c%d", spaces[box.bytes[1] >> 6],
	                      box.bytes[1] & 0x1F, reversed, box.bytes[1] & 0x20 ? 'H' : 'L',
	                      box.bytes[12]);
	while (last > 6 && box.bytes[last - 1] == 0)
		last--;
	for (size_t i = 6; i < last; i++)
		at += (size_t)snprintf(text + at, CODEC_STRING_MAX - at, ".%X", box.bytes[i]);
}

/* AV1 Codec ISO Media File Format Binding, 2.3 and 5 */
static void of_av1c(struct span box, char *text)
{
	bool high, twelve;

	if (box.length < 3)
		return;
	high = box.bytes[2] & 0x40;
	twelve = box.bytes[2] & 0x20;
	snprintf(text, CODEC_STRING_MAX, "av01.%d.%02d%c.%02d", box.bytes[1] >> 5, box.bytes[1] & 0x1F,
	         box.bytes[2] & 0x80 ? 'H' : 'M', high ? (twelve ? 12 : 10) : 8);
}

/* VP Codec ISO Media File Format Binding; a full box */
static void of_vpcc(struct span box, char *text)
{
	if (box.length >= 7)
		snprintf(text, CODEC_STRING_MAX, "vp09.%02d.%02d.%02d", box.bytes[4], box.bytes[5],
		         box.bytes[6] >> 4);
}

/* AAC-LC is all that is made, and all that is copied. */
static void of_esds(struct span box, char *text)
{
	(void)box;
	snprintf(text, CODEC_STRING_MAX, "mp4a.40.2");
}

static void of_dops(struct span box, char *text)
{
	(void)box;
	snprintf(text, CODEC_STRING_MAX, "opus");
}

static const struct {
	const char *entry, *box;
	size_t head;
	void (*write)(struct span box, char *text);
} kinds[] = {
    {"avc1", "avcC", PICTURES_HEAD, of_avcc}, {"hvc1", "hvcC", PICTURES_HEAD, of_hvcc},
    {"av01", "av1C", PICTURES_HEAD, of_av1c}, {"vp09", "vpcC", PICTURES_HEAD, of_vpcc},
    {"mp4a", "esds", SOUND_HEAD, of_esds},    {"Opus", "dOps", SOUND_HEAD, of_dops},
};

void codec_string_read(struct span head, char text[CODEC_STRING_MAX])
{
	struct span list = box_inside(box_find_at(head, "moov/trak/mdia/minf/stbl/stsd"), LIST_HEAD);

	text[0] = '\0';
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct span entry = box_inside(box_find(list, kinds[i].entry), kinds[i].head);
		struct span box = box_find(entry, kinds[i].box);

		if (box.length > 0)
			kinds[i].write(box_inside(box, BOX_HEAD), text);
	}
}

/* A head of MP4, and nothing behind it. */
static int write_head(const struct track *track, AVFormatContext *format)
{
	AVDictionary *options = NULL;
	AVStream *stream;
	int code;

	if ((code = track_add_stream(track, format, &stream)) >= 0 &&
	    (code = av_dict_set(&options, "movflags", "empty_moov", 0)) >= 0)
		code = avformat_write_header(format, &options);
	av_dict_free(&options);
	return code;
}

void codec_string(const struct track *track, char text[CODEC_STRING_MAX])
{
	AVFormatContext *format = NULL;
	uint8_t *head = NULL;
	int length, code;

	text[0] = '\0';
	/* It is the muxer that knows how to read what an encoder says of itself. */
	if (avformat_alloc_output_context2(&format, NULL, "mp4", NULL) < 0 ||
	    avio_open_dyn_buf(&format->pb) < 0) {
		avformat_free_context(format);
		return;
	}
	code = write_head(track, format);
	length = avio_close_dyn_buf(format->pb, &head);
	if (code >= 0)
		codec_string_read((struct span){head, (size_t)length}, text);
	av_free(head);
	avformat_free_context(format);
}
