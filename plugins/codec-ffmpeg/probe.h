/* probe.h - the codec's probe operation. */
#ifndef CODEC_FFMPEG_PROBE_H
#define CODEC_FFMPEG_PROBE_H

#include <vidmill/codec.h>

int probe_source(void *self, struct vm_source *source, const struct vm_limits *limits,
                 struct vm_sink *json, const struct vm_call *call, struct vm_error *err);

#endif
