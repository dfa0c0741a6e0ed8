/* codec.h - one instance of this plugin: a stage's codec. */
#ifndef CODEC_FFMPEG_CODEC_H
#define CODEC_FFMPEG_CODEC_H

#include "config.h"
#include "image.h"
#include "witness.h"

/* Of a job nothing stays in it but what its outputs are held against. */
struct codec {
	const struct vm_host *host;
	const struct config *config;
	struct image mark; /* of the watermark */
	struct witness_place witness;
};

#endif
