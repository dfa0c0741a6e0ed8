/* names.h - the words of the enums, as tables: index by the number, NULL where it has none. */
#ifndef VIDEO_NAMES_H
#define VIDEO_NAMES_H

#include "video/video.h"

extern const char *const video_state_words[9];
extern const char *const error_class_words[ERROR_CLASS_COUNT];
extern const char *const attempt_end_words[6];

#endif
