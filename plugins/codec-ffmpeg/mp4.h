/* mp4.h - a progressive MP4: the pictures of one rendition and the first sound, index in front. */
#ifndef CODEC_FFMPEG_MP4_H
#define CODEC_FFMPEG_MP4_H

#include "out.h"
#include "track.h"

struct mp4;

struct mp4_want {
	char name[OUT_NAME_MAX];
	const char *content_type;
	uint64_t duration_ms; /* about; 0: not known */
	double frame_rate;
	bool even_rate;
};

/* Writes the header and puts a taker on each track (NULL: there is none); both are borrowed. */
int mp4_create(const struct mp4_want *want, struct track *video, struct track *audio,
               struct out *out, struct log *log, struct mp4 **mp4, struct vm_error *err);

/* What was not ended is dropped by the host. Accepts NULL. */
void mp4_destroy(struct mp4 *mp4);

#endif
