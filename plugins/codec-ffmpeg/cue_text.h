/* cue_text.h - the text of one subtitle: from the form of FFmpeg's decoders into WebVTT's. */
#ifndef CODEC_FFMPEG_CUE_TEXT_H
#define CODEC_FFMPEG_CUE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { CUE_TEXT_MAX = 4096 };

/*
 * Pure. An event of ASS without its nine fields: of its markup italics, bold and
 * underlined stay, properly nested; all else that means something to WebVTT or
 * to HTML is escaped; what is too long is cut. Empty lines, which would end the
 * cue, are left out. *top: it stands at the upper edge.
 */
void cue_text(const char *event, char out[CUE_TEXT_MAX], bool *top);

#endif
