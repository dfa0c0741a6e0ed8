/* trial.h - samples of the source are encoded, to see what each rendition takes of it. */
#ifndef CODEC_FFMPEG_TRIAL_H
#define CODEC_FFMPEG_TRIAL_H

#include "plan.h"

/*
 * For rate = "per-title": decodes up to twelve samples of two seconds, one of
 * every five seconds and three at the least, and encodes them as each rendition would
 * be, without a cap. What the most demanding one takes, and half as much again,
 * becomes the cap of the rendition, unless its option wants less; and renditions
 * that save hardly any bits are left out of the ladder (ladder_thin). A source that
 * cannot be searched is judged by its beginning.
 */
int trial_run(struct plan *plan, const struct vm_codec_job *job, uint32_t processors,
              struct log *log, const struct vm_call *call, struct vm_error *err);

#endif
