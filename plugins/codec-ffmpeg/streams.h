/* streams.h - which streams of a source are used. */
#ifndef CODEC_FFMPEG_STREAMS_H
#define CODEC_FFMPEG_STREAMS_H

#include <libavformat/avformat.h>

/* Each costs a decoder, a thread and encoders: what is beyond is left out, and said so. */
enum { SOUND_STREAMS_MAX = 16, TEXT_STREAMS_MAX = 32 };

struct streams {
	AVStream *video;                     /* NULL: none; never a cover picture */
	AVStream *sounds[SOUND_STREAMS_MAX]; /* the default first, then as in the source */
	size_t n_sounds;
	size_t sounds_left_out; /* that cannot be decoded, or are too many */
	AVStream *texts[TEXT_STREAMS_MAX];
	size_t n_texts;
	size_t texts_left_out; /* that are pictures, or are too many */
};

/*
 * Among equals one that can be decoded, then one that the source says is its default,
 * then the first. Sound that cannot be decoded is used only where there is no other.
 */
void streams_choose(AVFormatContext *format, struct streams *out);

#endif
