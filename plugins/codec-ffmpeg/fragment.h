/* fragment.h - where the first sample of a movie fragment ends. */
#ifndef CODEC_FFMPEG_FRAGMENT_H
#define CODEC_FFMPEG_FRAGMENT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Pure. How many bytes of a segment ("moof mdat", ISO/IEC 14496-12) it takes to
 * decode its first sample: with a keyframe in front that is what an I-frame
 * playlist names. 0: it is no such segment.
 */
uint64_t fragment_first_sample(const uint8_t *segment, size_t length);

#endif
