/* transcode.h - one job: a source becomes the outputs of a stage. */
#ifndef CODEC_FFMPEG_TRANSCODE_H
#define CODEC_FFMPEG_TRANSCODE_H

#include "copies.h"
#include "demux.h"
#include "packages.h"
#include "pictures.h"
#include "sound.h"
#include "subtitles.h"

/*
 * demux ─▶ packets ─▶ pictures ─▶ frames ─▶ largest rendition ─▶ frames ─▶ next …
 *      ├─▶ packets ─▶ subtitles
 *      ├─▶ packets ─▶ sound, one of each track  └─▶ packets into MP4 and segments
 *      └─▶ packets ─▶ copies, one of each ──────┘
 *
 * Each word is a thread, each arrow a bounded queue: the slowest sets the pace,
 * and memory does not grow with the length of the source.
 */
struct transcode {
	const struct vm_codec_job *job;
	const struct vm_call *call;
	const struct image *mark;
	struct witness *witness;
	uint32_t processors;
	struct log log;
	struct input input;
	struct plan plan;
	struct out out;
	struct crew crew;
	struct frame_count count;
	struct demux demux;
	struct pictures pictures;
	struct rendition renditions[RENDITIONS_MAX];
	size_t n_renditions; /* those that are encoded, the largest first */
	struct sound sounds[SOUND_STREAMS_MAX];
	size_t n_sounds; /* tracks of the source, each with a thread */
	struct copies copies;
	struct silence silence;
	struct subtitles subtitles;
	struct package_tracks tracks;
	struct packages packages;
	bool has_pictures;
};

/* The codec's run operation. */
int transcode_run(void *self, const struct vm_codec_job *job, const struct vm_call *call,
                  struct vm_error *err);

#endif
