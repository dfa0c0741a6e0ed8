/* verify_media.h - outputs that must be decoded to be believed. */
#ifndef CODEC_FFMPEG_VERIFY_MEDIA_H
#define CODEC_FFMPEG_VERIFY_MEDIA_H

#include <jansson.h>

#include <vidmill/codec.h>

#include "config.h"
#include "log.h"

struct witness;

struct verify_job {
	const char *name;
	struct vm_source *output;
	const struct config *config;   /* of the stage that made it */
	uint64_t source_ms;            /* 0: not known */
	const struct witness *witness; /* of the job that made it; NULL: not known */
	struct log *log;
	const struct vm_call *call;
};

/* How far an output's duration may be from the source's. */
int64_t verify_tolerance_ms(uint64_t source_ms);

/* A playlist of a day in segments of one second is a tenth of this. */
#define VERIFY_TEXT_MAX (64 << 20)

/* All bytes of an output of at most `most`, and a 0 behind them; the caller frees *out. */
int verify_read_whole(const struct verify_job *job, size_t most, char **out, struct vm_error *err);

/* Each adds to `facts`, and says what is wrong with VM_ERR_BAD_DATA. */
int verify_mp4(const struct verify_job *job, json_t *facts, struct vm_error *err);
int verify_movie(const struct verify_job *job, json_t *facts, struct vm_error *err);
int verify_header(const struct verify_job *job, json_t *facts, struct vm_error *err);
int verify_picture(const struct verify_job *job, json_t *facts, struct vm_error *err);

#endif
