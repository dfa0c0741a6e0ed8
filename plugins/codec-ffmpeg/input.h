/* input.h - an opened source: the demuxer behind all its guards, and the streams that are used. */
#ifndef CODEC_FFMPEG_INPUT_H
#define CODEC_FFMPEG_INPUT_H

#include <stdatomic.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include <vidmill/codec.h>

#include "log.h"
#include "source_io.h"
#include "streams.h"

/* [one thread] but for input_stop. Borrows all that it points to. */
struct input {
	AVFormatContext *format;
	struct source_io io;
	const struct vm_limits *limits;
	const struct vm_call *call;
	struct log *log;
	struct streams streams;
	AVStream *video;             /* of `streams`; NULL: none */
	AVStream *audio;             /* the default one of `streams`; NULL: none */
	int told_width, told_height; /* of the largest picture, as the container says */
	atomic_bool stopped;
};

/*
 * Opens the source and finds out what is in it, within the limits. `input` must
 * be finished also after a failure.
 */
int input_open(struct input *input, struct vm_source *source, const struct vm_limits *limits,
               struct log *log, const struct vm_call *call, struct vm_error *err);
void input_finish(struct input *input);

/* [any thread] Reading ends as soon as it can. */
void input_stop(struct input *input);

/* Why `what` failed with FFmpeg's `code`: the source could not be read, the job was cancelled, a
 * limit was passed, or, only then, the bytes are wrong. */
int input_fail(struct input *input, int code, const char *what, struct vm_error *err);

/* VM_ERR_LIMIT when FFmpeg has refused something that is beyond the limits. */
int input_refused(struct input *input, struct vm_error *err);

/* What the container says, from the first picture or sound to the end of the last; 0: nothing. */
int64_t input_duration_ms(const struct input *input);

/* Where the time of the outputs begins, in the source's own time. */
int64_t input_start(const struct input *input, AVRational time_base);

/* A decoder for one stream of it; to be freed by avcodec_free_context. */
int input_decoder(struct input *input, const AVStream *stream, int threads, AVCodecContext **out,
                  struct vm_error *err);

#endif
