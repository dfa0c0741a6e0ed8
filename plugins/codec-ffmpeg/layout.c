/* layout.c - where the loudspeakers of so many channels stand. */
#include "layout.h"

AVChannelLayout layout_of(int channels)
{
	AVChannelLayout layout = AV_CHANNEL_LAYOUT_SURROUND;

	/* FFmpeg takes three channels for two and a low one. */
	if (channels != layout.nb_channels)
		av_channel_layout_default(&layout, channels);
	return layout;
}

int layout_channels(int most)
{
	return most == 7 ? 6 : most;
}
