/* log.c - FFmpeg's messages: into the host's log, and the last error kept for our own sentence. */
#include "log.h"

#include <limits.h>
#include <stdlib.h>
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

/* "Picture size 16384x16384 is invalid", "… exceeds specified max pixel count 1024" */
static void note_picture(struct log_refused *refused, const char *line)
{
	static const char words[] = "Picture size ";
	unsigned long width, height;
	char *end;

	if (strncmp(line, words, sizeof words - 1) != 0)
		return;
	width = strtoul(line + sizeof words - 1, &end, 10);
	height = *end == 'x' ? strtoul(end + 1, NULL, 10) : 0;
	if (width == 0 || height == 0 || width > INT_MAX || height > INT_MAX ||
	    width * height <= (unsigned long)refused->width * (unsigned long)refused->height)
		return;
	refused->width = (int)width;
	refused->height = (int)height;
}

static void note_refusal(struct log_refused *refused, const char *line)
{
	refused->streams = refused->streams || strstr(line, "exceeds max_streams parameter") != NULL;
	note_picture(refused, line);
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
		note_refusal(&log->refused, line);
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

struct log_refused log_refused(struct log *log)
{
	struct log_refused refused;

	pthread_mutex_lock(&log->lock);
	refused = log->refused;
	pthread_mutex_unlock(&log->lock);
	return refused;
}
