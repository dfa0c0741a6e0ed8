/* log.c - FFmpeg's messages: into the host's log, and the last error kept for our own sentence. */
#include "log.h"

#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavutil/log.h>

/* A hostile file can make FFmpeg say millions of lines. */
#define LINES_MAX 200

static _Thread_local struct log *attached;

void log_attach(struct log *log)
{
	attached = log;
}

static struct log *owner_of(void *context)
{
	const AVClass *class = context != NULL ? *(const AVClass **)context : NULL;

	if (class != NULL && class == avcodec_get_class() &&
	    ((const AVCodecContext *)context)->opaque != NULL)
		return ((const AVCodecContext *)context)->opaque;
	return attached;
}

/* FFmpeg has no code of its own for these, only the sentence. */
static enum log_limit limit_in(const char *line)
{
	static const struct {
		const char *words;
		enum log_limit limit;
	} sentences[] = {
	    {"exceeds max_streams parameter", LOG_LIMIT_STREAMS},
	    {"exceeds specified max pixel count", LOG_LIMIT_PIXELS},
	};

	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		if (strstr(line, sentences[i].words) != NULL)
			return sentences[i].limit;
	return LOG_LIMIT_NONE;
}

/* What comes from the file must not break the log's lines. */
static void clean(char *line)
{
	size_t length = strlen(line);

	while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '.'))
		line[--length] = '\0';
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)line[i] < ' ' || (unsigned char)line[i] > '~')
			line[i] = '?';
}

__attribute__((format(printf, 3, 0))) static void receive(void *context, int level,
                                                          const char *format, va_list arguments)
{
	struct log *log;
	char line[LOG_TEXT_MAX];
	int prefix = 0;
	bool tell;

	if (level > AV_LOG_INFO || (log = owner_of(context)) == NULL)
		return;
	av_log_format_line2(context, level, format, arguments, line, sizeof line, &prefix);
	clean(line);
	if (line[0] == '\0')
		return;

	pthread_mutex_lock(&log->lock);
	if (level <= AV_LOG_ERROR) {
		memcpy(log->error, line, sizeof line);
		if (log->limit == LOG_LIMIT_NONE)
			log->limit = limit_in(line);
	}
	tell = log->lines < LINES_MAX;
	log->lines += tell;
	pthread_mutex_unlock(&log->lock);
	if (tell)
		log->host->log(log->host, VM_LOG_DEBUG, "ffmpeg: %s", line);
}

void log_install(void)
{
	av_log_set_callback(receive);
}

void log_init(struct log *log, const struct vm_host *host)
{
	memset(log, 0, sizeof *log);
	log->host = host;
	pthread_mutex_init(&log->lock, NULL);
	log_attach(log);
}

void log_finish(struct log *log)
{
	log_attach(NULL);
	pthread_mutex_destroy(&log->lock);
}

void log_error(struct log *log, char text[LOG_TEXT_MAX])
{
	pthread_mutex_lock(&log->lock);
	memcpy(text, log->error, LOG_TEXT_MAX);
	pthread_mutex_unlock(&log->lock);
}

enum log_limit log_limit(struct log *log)
{
	enum log_limit limit;

	pthread_mutex_lock(&log->lock);
	limit = log->limit;
	pthread_mutex_unlock(&log->lock);
	return limit;
}
