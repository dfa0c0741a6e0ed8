/* report.h - what a job's source was, what was decided and why, and what came out. */
#ifndef CODEC_FFMPEG_REPORT_H
#define CODEC_FFMPEG_REPORT_H

#include "transcode.h"

/* Where the longest track ends. */
int64_t report_duration_ms(const struct transcode *job);

/* After everything has ended. */
int report_write(const struct transcode *job, struct vm_sink *sink, struct vm_error *err);

#endif
