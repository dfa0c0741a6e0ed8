/* verify_snaps.h - small pictures, opened again. */
#ifndef CODEC_FFMPEG_VERIFY_SNAPS_H
#define CODEC_FFMPEG_VERIFY_SNAPS_H

#include "verify_media.h"

/* Each adds to `facts`, and says what is wrong with VM_ERR_BAD_DATA. */
int verify_thumbnail(const struct verify_job *job, json_t *facts, struct vm_error *err);
int verify_sheet(const struct verify_job *job, json_t *facts, struct vm_error *err);
int verify_tiles(const struct verify_job *job, json_t *facts, struct vm_error *err);

#endif
