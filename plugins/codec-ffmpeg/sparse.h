/* sparse.h - which packets are decoded where all pictures are copied: those of the small ones. */
#ifndef CODEC_FFMPEG_SPARSE_H
#define CODEC_FFMPEG_SPARSE_H

#include "plan.h"
#include "poster.h"
#include "snaps.h"

/* [one thread] Zero but for the first members is new. */
struct sparse {
	const struct plan *plan;
	const struct poster *poster;
	const struct snaps *snaps;
	bool going; /* every packet is decoded from the last keyframe on */
};

/*
 * Packets in the order of the source, after what was decoded of the ones before
 * has been offered to poster and snaps. Poster and preview need all pictures from the
 * keyframe before their time on, thumbnails take the first keyframe of each of their
 * distances: every keyframe of what is copied stands alone.
 */
bool sparse_wants(struct sparse *sparse, const AVPacket *packet);

#endif
