/* segments.c - the segments of one track as a playlist needs them. */
#include "segments.h"

#include <stdlib.h>

#define SECOND_US INT64_C(1000000)

int segments_add(struct segments *segments, const struct segment *segment, struct vm_error *err)
{
	if (segments->count == segments->capacity) {
		size_t capacity = segments->capacity == 0 ? 64 : segments->capacity * 2;
		struct segment *items = realloc(segments->items, capacity * sizeof *items);

		if (items == NULL)
			return vm_fail_memory(err);
		segments->items = items;
		segments->capacity = capacity;
	}
	segments->items[segments->count++] = *segment;
	return VM_OK;
}

void segments_finish(struct segments *segments)
{
	free(segments->items);
	*segments = (struct segments){0};
}

int segments_first_samples(const struct segments *segments, struct segments *out,
                           struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < segments->count && status == VM_OK; i++) {
		struct segment segment = segments->items[i];

		segment.bytes = segment.first_bytes;
		status = segments_add(out, &segment, err);
	}
	return status;
}

static uint64_t rate(uint64_t bytes, int64_t duration_us)
{
	return duration_us > 0 ? (uint64_t)((double)bytes * 8 * SECOND_US / (double)duration_us) : 0;
}

int64_t segments_longest_us(const struct segments *segments)
{
	int64_t longest = 0;

	for (size_t i = 0; i < segments->count; i++)
		if (segments->items[i].duration_us > longest)
			longest = segments->items[i].duration_us;
	return longest;
}

int64_t segments_target_s(const struct segments *segments)
{
	int64_t target = (segments_longest_us(segments) + SECOND_US / 2) / SECOND_US;

	return target > 0 ? target : 1;
}

int64_t segments_duration_us(const struct segments *segments)
{
	int64_t sum = 0;

	for (size_t i = 0; i < segments->count; i++)
		sum += segments->items[i].duration_us;
	return sum;
}

uint64_t segments_average(const struct segments *segments)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < segments->count; i++)
		bytes += segments->items[i].bytes;
	return rate(bytes, segments_duration_us(segments));
}

uint64_t segments_peak(const struct segments *segments)
{
	int64_t target = segments_longest_us(segments);
	uint64_t peak = segments_average(segments);

	for (size_t i = 0; i < segments->count; i++) {
		uint64_t bytes = 0;
		int64_t duration = 0;

		for (size_t j = i; j < segments->count; j++) {
			bytes += segments->items[j].bytes;
			duration += segments->items[j].duration_us;
			if (duration > target + target / 2)
				break;
			if (duration >= target / 2 && rate(bytes, duration) > peak)
				peak = rate(bytes, duration);
		}
	}
	return peak;
}
