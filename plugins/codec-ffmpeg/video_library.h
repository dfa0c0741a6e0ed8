/* video_library.h - the libraries that encode pictures, and how each is told the same things. */
#ifndef CODEC_FFMPEG_VIDEO_LIBRARY_H
#define CODEC_FFMPEG_VIDEO_LIBRARY_H

#include <stdbool.h>

#include <libavcodec/avcodec.h>

struct video_want;

struct video_library {
	const char *name;    /* as the option has it */
	const char *encoder; /* FFmpeg's name of it */
	int side_least;      /* the shortest side of a picture that it takes */
	/* Its private options; a code of FFmpeg's. Sizes, times and colours are set already. */
	int (*set)(AVCodecContext *context, const struct video_want *want);
	bool waits; /* when it is closed, for the last of its pictures: for ever, if it got none */
};

/* Of enum video_codec. */
const struct video_library *video_library_of(int codec);

#endif
