/* dash.h - the manifest of DASH over finished segments. */
#ifndef CODEC_FFMPEG_DASH_H
#define CODEC_FFMPEG_DASH_H

#include "cmaf.h"
#include "subtitles.h"

/*
 * Writes dash/manifest.mpd (ISO/IEC 23009-1, profiles "isoff-live" and CMAF's) over
 * the segments where they lie. All pictures are one adaptation set, each sound and
 * each track of text is its own. A track of which nothing came is left out.
 */
int dash_write(struct cmaf *const *pictures, size_t n_pictures, struct cmaf *const *sounds,
               size_t n_sounds, const struct subtitles *subtitles, struct out *out,
               struct vm_error *err);

#endif
