/* segments.h - the segments of one track as a playlist needs them. */
#ifndef CODEC_FFMPEG_SEGMENTS_H
#define CODEC_FFMPEG_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

struct segment {
	int64_t start_us;
	int64_t duration_us;
	uint64_t bytes;
	uint64_t first_bytes; /* so many of them hold the first sample, and what it takes to find it */
};

/* In order and without gaps. Zero is empty. */
struct segments {
	struct segment *items;
	size_t count, capacity;
};

int segments_add(struct segments *segments, const struct segment *segment, struct vm_error *err);
void segments_finish(struct segments *segments);

/* Only the first sample of each, shown as long as the segment is. `out` is empty before. */
int segments_first_samples(const struct segments *segments, struct segments *out,
                           struct vm_error *err);

/* Of all together, in bits per second. */
uint64_t segments_average(const struct segments *segments);

/*
 * The largest bit rate of any run of segments that lasts between half and one
 * and a half times the longest of them: what RFC 8216 calls the peak segment bit
 * rate. A short rest at the end alone does not count.
 */
uint64_t segments_peak(const struct segments *segments);

/* The longest, in whole seconds rounded to the nearest: EXT-X-TARGETDURATION. */
int64_t segments_target_s(const struct segments *segments);

int64_t segments_duration_us(const struct segments *segments);
int64_t segments_longest_us(const struct segments *segments);

#endif
