/* movie.h - a progressive MP4 or WebM: pictures and sounds, its index in front. */
#ifndef CODEC_FFMPEG_MOVIE_H
#define CODEC_FFMPEG_MOVIE_H

#include "log.h"
#include "out.h"
#include "streams.h"
#include "track.h"

enum { MOVIE_TRACKS_MAX = 1 + SOUND_STREAMS_MAX };

struct movie;

struct movie_want {
	bool webm;
	char name[OUT_NAME_MAX];
	const char *content_type;
	uint64_t duration_ms; /* about; 0: not known */
	double frame_rate;
	bool even_rate;
	size_t sounds;
	uint64_t keyframe_ms; /* their distance */
};

/* Writes the header and puts a taker on each track, at most MOVIE_TRACKS_MAX; they are borrowed. */
int movie_create(const struct movie_want *want, struct track *const *tracks, size_t count,
                 struct out *out, struct log *log, struct movie **movie, struct vm_error *err);

/* What was not ended is dropped by the host. Accepts NULL. */
void movie_destroy(struct movie *movie);

#endif
