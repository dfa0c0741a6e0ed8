/* plan_text.h - which subtitles are made, and what their outputs are called. */
#ifndef CODEC_FFMPEG_PLAN_TEXT_H
#define CODEC_FFMPEG_PLAN_TEXT_H

#include "input.h"
#include "label.h"

enum { TEXT_NAME_MAX = LANGUAGE_TAG_MAX + 8 };

struct config;
struct plan;

/* One track of text in the source. */
struct plan_text {
	AVStream *stream;
	struct label label;       /* its name is unique among the tracks */
	char name[TEXT_NAME_MAX]; /* unique, and safe in a path: "en", "pt-BR-2", "text" */
};

/* Pure. Fills texts, in the order of the source; after the pictures were planned. */
void plan_texts(const struct config *config, const struct input *input, struct plan *plan);

#endif
