/* hls.h - the playlists over finished segments. */
#ifndef CODEC_FFMPEG_HLS_H
#define CODEC_FFMPEG_HLS_H

#include "cmaf.h"
#include "subtitles.h"

/*
 * Writes one playlist for each track, then the master that makes them findable.
 * A track of which nothing came is left out. Subtitles have their playlists already.
 */
int hls_write(struct cmaf *const *pictures, size_t n_pictures, struct cmaf *const *sounds,
              size_t n_sounds, const struct subtitles *subtitles, struct out *out,
              struct vm_error *err);

#endif
