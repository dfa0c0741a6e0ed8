/* layout.h - where the loudspeakers of so many channels stand. */
#ifndef CODEC_FFMPEG_LAYOUT_H
#define CODEC_FFMPEG_LAYOUT_H

#include <libavutil/channel_layout.h>

/*
 * Pure. The layout of an output: the one that its codec, of enum audio_codec, names by
 * its number of channels alone. Any other AAC has to describe in the stream, which
 * browsers refuse, and Opus does not have.
 */
AVChannelLayout layout_of(int codec, int channels);

/* Pure. As many channels as have a layout of that kind, `most` at most: there is none of seven. */
int layout_channels(int most);

#endif
