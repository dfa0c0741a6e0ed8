/* mp4.h - a progressive MP4: pictures and sounds, index in front. */
#ifndef CODEC_FFMPEG_MP4_H
#define CODEC_FFMPEG_MP4_H

#include "log.h"
#include "out.h"
#include "streams.h"
#include "track.h"

enum { MP4_TRACKS_MAX = 1 + SOUND_STREAMS_MAX };

struct mp4;

struct mp4_want {
	char name[OUT_NAME_MAX];
	const char *content_type;
	uint64_t duration_ms; /* about; 0: not known */
	double frame_rate;
	bool even_rate;
	size_t sounds;
};

/* Writes the header and puts a taker on each track, at most MP4_TRACKS_MAX; they are borrowed. */
int mp4_create(const struct mp4_want *want, struct track *const *tracks, size_t count,
               struct out *out, struct log *log, struct mp4 **mp4, struct vm_error *err);

/* What was not ended is dropped by the host. Accepts NULL. */
void mp4_destroy(struct mp4 *mp4);

#endif
