/* cues.h - the subtitles of one track, kept until all are known, and written as WebVTT. */
#ifndef CODEC_FFMPEG_CUES_H
#define CODEC_FFMPEG_CUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

struct cue {
	int64_t start_ms, end_ms;
	size_t text; /* where it begins in the text of all */
	size_t order;
	bool top;
};

/* Zero is empty. A track takes a few MiB at most: what comes when they are full is left out. */
struct cues {
	struct cue *items;
	size_t count, capacity;
	char *text;
	size_t text_length, text_capacity;
	uint64_t left_out;
};

/* Text as cue_text makes it. What has no text, or is over before 0, is not kept. */
int cues_add(struct cues *cues, int64_t start_ms, int64_t end_ms, const char *text, bool top,
             struct vm_error *err);

/* Sorts them; what begins at `end_ms` or later is left out. Text to be freed by the caller; NULL
 * when out of memory. */
char *cues_vtt(struct cues *cues, int64_t end_ms);
void cues_finish(struct cues *cues);

#endif
