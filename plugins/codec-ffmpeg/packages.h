/* packages.h - what is made of the encoded tracks: movies, segments, playlists. */
#ifndef CODEC_FFMPEG_PACKAGES_H
#define CODEC_FFMPEG_PACKAGES_H

#include "cmaf.h"
#include "movie.h"
#include "plan.h"
#include "subtitles.h"

/* Zero is empty. */
struct packages {
	struct movie *movies[2 * SOUNDS_MAX];
	size_t n_movies;
	struct cmaf *pictures[RENDITIONS_MAX], *sounds[SOUNDS_MAX];
	size_t n_pictures, n_sounds;
	bool hls, dash; /* which manifests are written over the segments */
};

/* The tracks of a job, in the order of the plan; borrowed. */
struct package_tracks {
	struct track *pictures[RENDITIONS_MAX], *sounds[SOUNDS_MAX];
	size_t n_pictures, n_sounds;
};

/* Puts a taker on every track for every package that the plan wants. */
int packages_open(struct packages *packages, const struct plan *plan,
                  const struct package_tracks *tracks, struct out *out, struct log *log,
                  struct vm_error *err);

/* After all tracks have ended: writes what is known only then. */
int packages_close(struct packages *packages, const struct subtitles *subtitles, struct out *out,
                   struct vm_error *err);
void packages_finish(struct packages *packages);

#endif
