/* fit.h - whether what the source has is already what a rendition would become. */
#ifndef CODEC_FFMPEG_FIT_H
#define CODEC_FFMPEG_FIT_H

#include <stdbool.h>

/* "" where nothing was asked; else what does not fit, to stand behind "encoded: ". */
enum { FIT_WHY_MAX = 160 };

struct config;
struct input;
struct plan;

/*
 * Pure. By what the container says: marks the rendition whose pictures, and the
 * sounds whose packets can be copied, and says of the others why not. For
 * pictures survey.h has the last word.
 */
void fit_plan(const struct config *config, const struct input *input, struct plan *plan);

/* Says what does not fit; false. */
__attribute__((format(printf, 2, 3))) bool fit_not(char why[FIT_WHY_MAX], const char *format, ...);

#endif
