/* colour.c - which colours the outputs are in, and say they are in. */
#include "colour.h"

#include <libavutil/pixdesc.h>

#define HD_LINES 720
#define PAL_LINES 576

static const struct colour bt709 = {AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709, false,
                                    false};

static bool is_rgb(const AVCodecParameters *source)
{
	const AVPixFmtDescriptor *pixel = av_pix_fmt_desc_get((enum AVPixelFormat)source->format);

	return pixel != NULL && (pixel->flags & AV_PIX_FMT_FLAG_RGB) != 0;
}

/* What a player takes a picture of that size for when it is told nothing. */
static struct colour by_size(const AVCodecParameters *source)
{
	struct colour colour = {AVCOL_SPC_SMPTE170M, AVCOL_PRI_SMPTE170M, AVCOL_TRC_SMPTE170M, false,
	                        false};

	if (source->height >= HD_LINES || source->width >= HD_LINES * 16 / 9)
		return bt709;
	if (source->height == PAL_LINES)
		colour.primaries = AVCOL_PRI_BT470BG;
	return colour;
}

struct colour colour_of(const AVCodecParameters *source)
{
	struct colour colour = by_size(source);
	bool knows_space = source->color_space != AVCOL_SPC_UNSPECIFIED &&
	                   source->color_space != AVCOL_SPC_RESERVED && !is_rgb(source);
	bool knows_primaries = source->color_primaries != AVCOL_PRI_UNSPECIFIED &&
	                       source->color_primaries != AVCOL_PRI_RESERVED0 &&
	                       source->color_primaries != AVCOL_PRI_RESERVED;
	bool knows_transfer = source->color_trc != AVCOL_TRC_UNSPECIFIED &&
	                      source->color_trc != AVCOL_TRC_RESERVED0 &&
	                      source->color_trc != AVCOL_TRC_RESERVED;

	if (source->color_trc == AVCOL_TRC_SMPTE2084 || source->color_trc == AVCOL_TRC_ARIB_STD_B67) {
		colour = bt709;
		colour.tone_map = true;
		return colour;
	}
	if (knows_space)
		colour.space = source->color_space;
	if (knows_primaries)
		colour.primaries = source->color_primaries;
	if (knows_transfer)
		colour.transfer = source->color_trc;
	colour.guessed = !knows_space;
	return colour;
}
