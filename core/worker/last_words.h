/* last_words.h - what a codec child writes to stderr: lines for the log, the last one kept. */
#ifndef WORKER_LAST_WORDS_H
#define WORKER_LAST_WORDS_H

#include <vidmill/base.h>

/* Zeroed: nothing said yet. */
struct last_words {
	char last[256]; /* the last whole line, control characters escaped */
	char line[256]; /* the one that is arriving; what does not fit is dropped */
	size_t length;
	unsigned lines; /* logged */
	bool closed;
};

/* Takes what a pipe has, without waiting; each line goes to the log at debug level. */
void last_words_take(struct last_words *words, int descriptor);

#endif
