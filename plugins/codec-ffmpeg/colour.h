/* colour.h - which colours the outputs are in, and say they are in. */
#ifndef CODEC_FFMPEG_COLOUR_H
#define CODEC_FFMPEG_COLOUR_H

#include <stdbool.h>

#include <libavcodec/avcodec.h>

struct colour {
	enum AVColorSpace space;
	enum AVColorPrimaries primaries;
	enum AVColorTransferCharacteristic transfer;
	bool guessed;  /* the source does not say; what players would take it for */
	bool tone_map; /* the source is HDR, the outputs are not */
};

/*
 * Pure. Outputs are always of limited range and 8 bit. A source that says
 * nothing is taken for BT.709 from 720 lines on and BT.601 below, and the outputs
 * say so: a player judges by the size, and a small rendition of a large source
 * would otherwise change its colours.
 */
struct colour colour_of(const AVCodecParameters *source);

#endif
