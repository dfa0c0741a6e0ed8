/* number.h - a rational option as a number. */
#ifndef CODEC_FFMPEG_NUMBER_H
#define CODEC_FFMPEG_NUMBER_H

#include <vidmill/option.h>

static inline double number_of(struct vm_rational option)
{
	return (double)option.num / (double)option.den;
}

#endif
