/* job_limits.h - the budget of a job, and the sentences for what goes beyond it. */
#ifndef CODEC_FFMPEG_JOB_LIMITS_H
#define CODEC_FFMPEG_JOB_LIMITS_H

#include <vidmill/codec.h>

/* Each is VM_OK or VM_ERR_LIMIT; a limit of 0 is none. */
int limits_streams(const struct vm_limits *limits, unsigned streams, struct vm_error *err);
int limits_duration(const struct vm_limits *limits, int64_t duration_ms, struct vm_error *err);
int limits_picture(const struct vm_limits *limits, int width, int height, struct vm_error *err);
int limits_frames(const struct vm_limits *limits, uint64_t frames, struct vm_error *err);

/* The sentence for a limit that FFmpeg itself found passed. */
int limits_streams_passed(const struct vm_limits *limits, struct vm_error *err);

/* For FFmpeg's max_pixels: what no picture within the limits needs, coded size included. */
int64_t limits_pixels_max(const struct vm_limits *limits);

#endif
