/* output_name.h - which names and types a codec child may give to its outputs. */
#ifndef WORKER_OUTPUT_NAME_H
#define WORKER_OUTPUT_NAME_H

#include <vidmill/status.h>

#define OUTPUT_NAME_MOST 200

/*
 * The child is not trusted and the name becomes part of a key and of a path:
 * letters, digits and "._-/", at most OUTPUT_NAME_MOST, no empty, "." or ".."
 * segment, no segment that begins with '-'. VM_ERR_BAD_DATA says what is wrong.
 */
int output_name_check(const char *name, struct vm_error *err);

/* "video/mp4", "text/vtt; charset=utf-8": it becomes a header. Empty is allowed. */
int output_type_check(const char *content_type, struct vm_error *err);

#endif
