/* clip.h - synthetic clips by name. */
#ifndef TESTS_CODEC_FFMPEG_CLIP_H
#define TESTS_CODEC_FFMPEG_CLIP_H

/* A clip by its name, made by tests/media/make.sh when it is not there; the path stays valid. */
const char *clip(const char *name);

#endif
