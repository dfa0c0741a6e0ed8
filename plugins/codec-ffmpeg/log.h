/* log.h - FFmpeg's messages: into the host's log, and the last error kept for our own sentence. */
#ifndef CODEC_FFMPEG_LOG_H
#define CODEC_FFMPEG_LOG_H

#include <pthread.h>

#include <vidmill/host.h>

enum { LOG_TEXT_MAX = 200 };

/*
 * What FFmpeg refuses with the error code of a broken file, although a limit may
 * be the reason: there is no code for it, only the sentence.
 */
struct log_refused {
	bool streams;      /* more than max_streams */
	int width, height; /* the largest picture; 0: none */
};

/* The messages of one operation. [any thread] once it is initialised. */
struct log {
	const struct vm_host *host;
	pthread_mutex_t lock;
	unsigned lines; /* given to the host so far */
	struct log_refused refused;
	char error[LOG_TEXT_MAX];
};

/* [main thread] Once in a process: FFmpeg has one callback for all. */
void log_install(void);

void log_init(struct log *log, const struct vm_host *host);
void log_finish(struct log *log);

/*
 * From here on what FFmpeg says on this thread belongs to `log` (NULL: to
 * nobody). FFmpeg's own threads speak through the codec context that they work
 * for, whose `opaque` must point to the log.
 */
void log_attach(struct log *log);

/* The last error, or "". */
void log_error(struct log *log, char text[LOG_TEXT_MAX]);

struct log_refused log_refused(struct log *log);

#endif
