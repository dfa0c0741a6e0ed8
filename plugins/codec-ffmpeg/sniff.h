/* sniff.h - which demuxer a file is for, by its first bytes and by nothing else. */
#ifndef CODEC_FFMPEG_SNIFF_H
#define CODEC_FFMPEG_SNIFF_H

#include <stddef.h>
#include <stdint.h>

enum { SNIFF_BYTES = 1024 }; /* all that it looks at */

/* Every demuxer that may be chosen, as FFmpeg's format_whitelist wants it. */
extern const char sniff_formats[];

/* FFmpeg's name of the demuxer, or NULL: not a media file that is accepted. */
const char *sniff(const uint8_t *bytes, size_t length);

/* The length of an ID3v2 tag at the start, which hides what follows it; 0 when there is none. */
size_t sniff_tag_bytes(const uint8_t *bytes, size_t length);

#endif
