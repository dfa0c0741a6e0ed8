/* document.h - the tables of what stands both in a document and in an event. */
#ifndef VIDEO_DOCUMENT_H
#define VIDEO_DOCUMENT_H

#include "video/fields.h"
#include "video/video.h"

extern const struct field video_progress_fields[]; /* struct video_progress */
extern const struct field video_result_fields[];   /* struct video_result */

#endif
