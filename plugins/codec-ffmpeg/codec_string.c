/* codec_string.c - a track's codec as RFC 6381 writes it: what CODECS of a playlist holds. */
#include "codec_string.h"

#include <stdio.h>

/* The sequence parameter set, behind a start code or inside an avcC box; NULL: not found. */
static const uint8_t *find_sps(const uint8_t *data, int length)
{
	if (length >= 7 && data[0] == 1)
		return data;
	for (int i = 0; i + 6 < length; i++)
		if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1 && (data[i + 3] & 0x1f) == 7)
			return data + i + 3;
	return NULL;
}

void codec_string(const AVCodecParameters *parameters, char text[CODEC_STRING_MAX])
{
	const uint8_t *sps;

	text[0] = '\0';
	if (parameters->codec_id == AV_CODEC_ID_AAC)
		snprintf(text, CODEC_STRING_MAX, "mp4a.40.2");
	if (parameters->codec_id == AV_CODEC_ID_H264 &&
	    (sps = find_sps(parameters->extradata, parameters->extradata_size)) != NULL)
		snprintf(text, CODEC_STRING_MAX, "avc1.%02x%02x%02x", sps[1], sps[2], sps[3]);
}
