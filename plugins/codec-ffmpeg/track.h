/* track.h - an encoded stream, and the packages that take its packets. */
#ifndef CODEC_FFMPEG_TRACK_H
#define CODEC_FFMPEG_TRACK_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include <vidmill/status.h>

#include "config.h"
#include "label.h"
#include "log.h"

/* A sound may go into two movies of every rendition and into segments, and be measured. */
enum { TRACK_TAKERS_MAX = 2 * RENDITIONS_MAX + 2 };

/*
 * A package's place for one track: what holds it in embeds it. Called by the
 * thread of the track alone; a package of several tracks locks by itself.
 */
struct taker {
	/* Packets come in the order of decoding, with times of the track's time base and a duration
	 * that is right. The packet is borrowed and stays as it is. */
	int (*take)(struct taker *taker, const AVPacket *packet, struct vm_error *err);
	/* No more packets; what was taken is shown until `end`. Not called after a failure. */
	int (*end)(struct taker *taker, int64_t end, struct vm_error *err);
};

struct witness_track;

struct track {
	AVCodecParameters *parameters;
	AVRational time_base;
	const struct label *label; /* of the source's track; NULL: pictures */
	const char *group;         /* the option that sounds are made for; NULL: pictures */
	struct taker *takers[TRACK_TAKERS_MAX]; /* borrowed */
	size_t n_takers;
	struct witness_track *witness; /* of what is encoded, for the gate; NULL: nobody looks */
	bool captioned;                /* pictures with captions; known at the end */
	/* What came through. */
	uint64_t packets, bytes;
	int64_t end; /* known after track_end */
};

/* Fills what an opened encoder knows. */
int track_init(struct track *track, const AVCodecContext *encoder, struct vm_error *err);
/* Fills what the source says of its packets, which stay as they are. */
int track_init_copy(struct track *track, const AVCodecParameters *source, AVRational time_base,
                    struct vm_error *err);
void track_finish(struct track *track);

/* The stream that a muxer makes of it, with language, title and roles; a code of FFmpeg's. */
int track_add_stream(const struct track *track, AVFormatContext *format, AVStream **stream);

/* Of its packets, with one thread; a code of FFmpeg's. To be freed also after a failure. */
int track_decoder(const struct track *track, struct log *log, AVCodecContext **out);

void track_add(struct track *track, struct taker *taker);

int track_packet(struct track *track, const AVPacket *packet, struct vm_error *err);
int track_end(struct track *track, int64_t end, struct vm_error *err);

int64_t track_duration_ms(const struct track *track);

#endif
