/* layout.h - where the loudspeakers of so many channels stand. */
#ifndef CODEC_FFMPEG_LAYOUT_H
#define CODEC_FFMPEG_LAYOUT_H

#include <libavutil/channel_layout.h>

/*
 * Pure. The layout of an output: the one that AAC names by its number of channels
 * alone. Any other has to be described in the stream, and browsers refuse that.
 */
AVChannelLayout layout_of(int channels);

/* Pure. As many channels as have a layout of that kind, `most` at most: there is none of seven. */
int layout_channels(int most);

#endif
