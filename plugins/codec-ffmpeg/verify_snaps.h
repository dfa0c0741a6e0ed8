/* verify_snaps.h - small pictures, opened again. */
#ifndef CODEC_FFMPEG_VERIFY_SNAPS_H
#define CODEC_FFMPEG_VERIFY_SNAPS_H

#include "verify_media.h"

/* Whether a picture fits into the box of 16:9 of that height, lying or upright. */
int verify_box(int width, int height, int64_t box, struct vm_error *err);

/* Each adds to `facts`, and says what is wrong with VM_ERR_BAD_DATA. */
int verify_thumbnail(const struct verify_job *job, json_t *facts, struct vm_error *err);
int verify_sheet(const struct verify_job *job, json_t *facts, struct vm_error *err);
int verify_tiles(const struct verify_job *job, json_t *facts, struct vm_error *err);

#endif
