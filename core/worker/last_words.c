/* last_words.c - stderr of a codec child, line by line. */
#include "worker/last_words.h"

#include <errno.h>
#include <unistd.h>

#include "support/log.h"
#include "worker/protocol.h"

enum {
	LINES_MOST = 1000,    /* of one child, in the log */
	BYTES_AT_ONCE = 65536 /* then others have their turn */
};

static void end_line(struct last_words *words)
{
	words->line[words->length] = '\0';
	if (words->length > 0) {
		message_copy_text(words->last, sizeof words->last, words->line);
		if (++words->lines <= LINES_MOST)
			log_debug("codec child: %s", words->last);
	}
	words->length = 0;
}

void last_words_take(struct last_words *words, int descriptor)
{
	char bytes[1024];
	ssize_t got = 0;

	for (size_t taken = 0; taken < BYTES_AT_ONCE; taken += (size_t)got) {
		got = read(descriptor, bytes, sizeof bytes);
		if (got <= 0)
			break;
		for (ssize_t i = 0; i < got; i++) {
			if (bytes[i] == '\n' || bytes[i] == '\0')
				end_line(words);
			else if (words->length < sizeof words->line - 1)
				words->line[words->length++] = bytes[i];
		}
	}
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
		end_line(words);
		words->closed = true;
	}
}
