/* verify_preview.h - the moving picture, opened again. */
#ifndef CODEC_FFMPEG_VERIFY_PREVIEW_H
#define CODEC_FFMPEG_VERIFY_PREVIEW_H

#include "verify_media.h"

/* Decodes each of its pictures. Adds to `facts`, and says what is wrong with VM_ERR_BAD_DATA. */
int verify_preview(const struct verify_job *job, json_t *facts, struct vm_error *err);

#endif
