/* output_name.h - which names and types an output may have. */
#ifndef VIDEO_OUTPUT_NAME_H
#define VIDEO_OUTPUT_NAME_H

#include <vidmill/status.h>

#define OUTPUT_NAME_MOST 200 /* of a codec child: below its stage */

/*
 * Neither a codec child nor a manifest is trusted, and the name becomes part of
 * a key and of a path: letters, digits and "._-/", at most `most` bytes, no
 * empty, "." or ".." segment, no segment that begins with '-'. VM_ERR_BAD_DATA
 * says what is wrong.
 */
int output_name_check(const char *name, size_t most, struct vm_error *err);

/* "video/mp4", "text/vtt; charset=utf-8": it becomes a header. Empty is allowed. */
int output_type_check(const char *content_type, struct vm_error *err);

#endif
