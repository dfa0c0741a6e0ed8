/* names.c - the words for states, error classes and ends, and back. */
#include "video/names.h"

#include <string.h>

const char *const video_state_words[9] = {
    [VIDEO_AWAITING_UPLOAD] = "awaiting_upload",
    [VIDEO_QUEUED] = "queued",
    [VIDEO_DISPATCHED] = "dispatched",
    [VIDEO_PROCESSING] = "processing",
    [VIDEO_PROCESSED] = "processed",
    [VIDEO_FAILED] = "failed",
    [VIDEO_EXPIRED] = "expired",
    [VIDEO_CANCELED] = "canceled",
};

const char *const error_class_words[ERROR_CLASS_COUNT] = {
    [ERROR_BAD_MEDIA] = "bad_media",
    [ERROR_UNSUPPORTED] = "unsupported",
    [ERROR_LIMIT] = "limit",
    [ERROR_DECODER_CRASH] = "decoder_crash",
    [ERROR_SOURCE_MISSING] = "source_missing",
    [ERROR_STORAGE] = "storage",
    [ERROR_QUEUE] = "queue",
    [ERROR_CAPACITY] = "capacity",
    [ERROR_TIMEOUT] = "timeout",
    [ERROR_CANCELED] = "canceled",
    [ERROR_BUG] = "bug",
};

const char *const attempt_end_words[6] = {
    [ATTEMPT_SUCCEEDED] = "succeeded",   [ATTEMPT_FAILED] = "failed",
    [ATTEMPT_RELEASED] = "released",     [ATTEMPT_LOST] = "lost",
    [ATTEMPT_SUPERSEDED] = "superseded",
};

#define COUNT(words) (sizeof(words) / sizeof((words)[0]))

static const char *word_of(const char *const *words, size_t count, unsigned number)
{
	return number < count && words[number] != NULL ? words[number] : "";
}

static unsigned number_of(const char *const *words, size_t count, const char *word)
{
	for (unsigned number = 1; number < count; number++)
		if (words[number] != NULL && strcmp(words[number], word) == 0)
			return number;
	return 0;
}

const char *video_state_name(enum video_state state)
{
	return word_of(video_state_words, COUNT(video_state_words), state);
}

enum video_state video_state_number(const char *name)
{
	return (enum video_state)number_of(video_state_words, COUNT(video_state_words), name);
}

const char *error_class_name(enum error_class error)
{
	return word_of(error_class_words, COUNT(error_class_words), error);
}
