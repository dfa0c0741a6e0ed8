/* verify.h - the codec's verify operation: a finished output is opened again. */
#ifndef CODEC_FFMPEG_VERIFY_H
#define CODEC_FFMPEG_VERIFY_H

#include <vidmill/codec.h>

/*
 * Of all outputs the form is checked, and durations against the source's. What
 * this instance's last job has encoded is held against what went into the
 * encoders (verify_witness.h); of what it has not made, starts are decoded.
 */
int verify_output(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err);

#endif
