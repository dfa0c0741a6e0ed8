/* layout.c - where the loudspeakers of so many channels stand. */
#include "layout.h"

#include "config.h"

AVChannelLayout layout_of(int codec, int channels)
{
	AVChannelLayout layout = {0};

	/* FFmpeg takes three channels for two and a low one. */
	if (channels == 3)
		return (AVChannelLayout)AV_CHANNEL_LAYOUT_SURROUND;
	if (channels == 4 && codec == AUDIO_OPUS)
		return (AVChannelLayout)AV_CHANNEL_LAYOUT_QUAD;
	av_channel_layout_default(&layout, channels);
	return layout;
}

int layout_channels(int most)
{
	return most == 7 ? 6 : most;
}
