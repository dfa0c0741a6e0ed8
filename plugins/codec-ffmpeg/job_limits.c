/* job_limits.c - the budget of a job, and the sentences for what goes beyond it. */
#include "job_limits.h"

#include <limits.h>

/* Codecs keep pictures in whole blocks: more than is shown. */
#define BLOCK 128

int limits_streams(const struct vm_limits *limits, unsigned streams, struct vm_error *err)
{
	if (limits->streams == 0 || streams <= limits->streams)
		return VM_OK;
	return limits_streams_passed(limits, err);
}

int limits_streams_passed(const struct vm_limits *limits, struct vm_error *err)
{
	return vm_fail(err, VM_ERR_LIMIT, "policy.limits.streams: more than the %u that are allowed",
	               limits->streams);
}

int limits_duration(const struct vm_limits *limits, int64_t duration_ms, struct vm_error *err)
{
	if (limits->duration_ms == 0 || duration_ms <= 0 ||
	    (uint64_t)duration_ms <= limits->duration_ms)
		return VM_OK;
	return vm_fail(err, VM_ERR_LIMIT, "policy.limits.duration: %lld ms, where %llu ms are allowed",
	               (long long)duration_ms, (unsigned long long)limits->duration_ms);
}

static bool fits(const struct vm_limits *limits, int64_t width, int64_t height)
{
	return (limits->width == 0 || width <= limits->width) &&
	       (limits->height == 0 || height <= limits->height);
}

int limits_picture(const struct vm_limits *limits, int width, int height, struct vm_error *err)
{
	if (fits(limits, width, height) || fits(limits, height, width))
		return VM_OK;
	return vm_fail(err, VM_ERR_LIMIT, "policy.limits.pixels: %dx%d, where %ux%u are allowed", width,
	               height, limits->width, limits->height);
}

int limits_frames(const struct vm_limits *limits, uint64_t frames, struct vm_error *err)
{
	if (limits->frames == 0 || frames <= limits->frames)
		return VM_OK;
	return vm_fail(err, VM_ERR_LIMIT, "policy.limits.frames: more than the %llu that are allowed",
	               (unsigned long long)limits->frames);
}

int64_t limits_pixels_max(const struct vm_limits *limits)
{
	uint64_t width = limits->width, height = limits->height;

	if (width == 0 || height == 0 || width + BLOCK > INT_MAX / (height + BLOCK))
		return INT_MAX;
	return (int64_t)((width + BLOCK) * (height + BLOCK));
}
