/* replay.h - frames of a finished output, from where its demuxer stands. */
#ifndef CODEC_FFMPEG_REPLAY_H
#define CODEC_FFMPEG_REPLAY_H

#include "input.h"

/* Gets each frame, borrowed; *enough ends the replay. */
typedef int replay_fn(void *ctx, const AVFrame *frame, bool *enough, struct vm_error *err);

/* VM_ERR_BAD_DATA when something cannot be decoded. */
int replay(struct input *input, AVStream *stream, replay_fn *each, void *ctx, struct vm_error *err);

/* Goes to the keyframe at `time_us` or before first; VM_ERR_BAD_DATA when that is not possible. */
int replay_from(struct input *input, AVStream *stream, int64_t time_us, replay_fn *each, void *ctx,
                struct vm_error *err);

/* For outputs of which one frame is proof enough: the first that comes. */
replay_fn replay_one;

/* From the start, for what was copied: it may be damaged, but not all of it. */
int replay_copied(struct input *input, AVStream *stream, struct vm_error *err);

#endif
