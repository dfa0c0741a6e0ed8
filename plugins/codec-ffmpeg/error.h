/* error.h - FFmpeg's error codes as statuses, with FFmpeg's own words. */
#ifndef CODEC_FFMPEG_ERROR_H
#define CODEC_FFMPEG_ERROR_H

#include <vidmill/status.h>

#include "log.h"

/* `what` failed on the source's bytes: VM_ERR_BAD_DATA, UNSUPPORTED or NO_MEMORY. */
int error_of_source(struct vm_error *err, int code, const char *what, struct log *log);

/* `what` does not take pictures or sound of this kind: VM_ERR_UNSUPPORTED or NO_MEMORY. */
int error_of_kind(struct vm_error *err, int code, const char *what, struct log *log);

/* `what` failed on something of our own making: VM_ERR_NO_MEMORY or VM_ERR_BUG. */
int error_of_ours(struct vm_error *err, int code, const char *what, struct log *log);

#endif
