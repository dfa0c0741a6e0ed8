/* part.h - the part of a source that outputs are made of: all of it, or a clip. */
#ifndef CODEC_FFMPEG_PART_H
#define CODEC_FFMPEG_PART_H

#include "config.h"
#include "input.h"

struct part {
	bool wanted;
	int64_t from_us, to_us; /* from the source's first moment on; INT64_MAX: its end */
	int64_t start_us;       /* where it begins in the source's own time: the outputs' 0 */
};

/* Pure. */
struct part part_of(const struct config *config, const struct input *input);

/* Pure. How much of a source of that duration it is; 0: nothing. */
int64_t part_ms(const struct part *part, int64_t source_ms);

/* Pure. Its beginning and its length, in that time base; INT64_MAX: it has no end. */
int64_t part_start(const struct part *part, const struct input *input, AVRational time_base);
int64_t part_length(const struct part *part, AVRational time_base);

/* Goes as near before its beginning as the source allows, or stays where it is. */
void part_seek(const struct part *part, struct input *input);

#endif
