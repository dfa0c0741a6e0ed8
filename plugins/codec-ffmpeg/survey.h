/* survey.h - pictures that seem to fit are read once, packet by packet, before they are copied. */
#ifndef CODEC_FFMPEG_SURVEY_H
#define CODEC_FFMPEG_SURVEY_H

#include "plan.h"

/*
 * For a plan that wants to copy pictures: every packet is read, and some are
 * decoded every ten seconds; the plan either learns where segments begin, or that
 * and why it cannot copy. Costs one more reading of the source, which ends at the first packet
 * that does not fit.
 */
int survey_pictures(struct plan *plan, const struct vm_codec_job *job, struct log *log,
                    const struct vm_call *call, struct vm_error *err);

#endif
