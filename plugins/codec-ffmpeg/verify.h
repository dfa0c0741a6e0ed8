/* verify.h - the codec's verify operation: a finished output is opened again. */
#ifndef CODEC_FFMPEG_VERIFY_H
#define CODEC_FFMPEG_VERIFY_H

#include <vidmill/codec.h>

/*
 * An MP4 is decoded at its start and compared with the source's duration; of
 * segments the boxes are read, of playlists the lines; a poster is decoded.
 */
int verify_output(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err);

#endif
