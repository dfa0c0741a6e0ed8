/* measure.h - how loud each sound is, found out before it is made: the source is read for it. */
#ifndef CODEC_FFMPEG_MEASURE_H
#define CODEC_FFMPEG_MEASURE_H

#include "plan.h"

/*
 * For every sound of the plan that has a wish for its loudness: what it is now, and the
 * gain. One more pass over the source's sound, and two to four more where peaks must be limited.
 */
int measure_sounds(struct plan *plan, const struct vm_codec_job *job, struct log *log,
                   const struct vm_call *call, struct vm_error *err);

#endif
