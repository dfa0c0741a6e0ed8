/* report.h - what a job's source was, what was decided and why, and what came out. */
#ifndef CODEC_FFMPEG_REPORT_H
#define CODEC_FFMPEG_REPORT_H

#include "transcode.h"

/* After everything has ended. */
int report_write(const struct transcode *job, struct vm_sink *sink, struct vm_error *err);

#endif
