/* score.h - how like the pictures that were encoded their encoding is: SSIM and PSNR. */
#ifndef CODEC_FFMPEG_SCORE_H
#define CODEC_FFMPEG_SCORE_H

#include "graph.h"
#include "log.h"
#include "track.h"

/* More samples than an encoder and a decoder have in work. */
enum { SCORE_WAITING_MAX = 32 };

/*
 * Decodes every packet of a track and compares samples, two in a second, with
 * what was encoded; those are held until they come out again. [the track's thread]
 * Zero is not open.
 */
struct score {
	struct taker taker;
	AVCodecContext *decoder;
	AVFrame *frame, *compared;
	AVRational time_base;
	struct log *log;
	struct graph graph; /* compares; opened with the first pair */
	AVFrame *waiting[SCORE_WAITING_MAX];
	size_t n_waiting;
	int64_t due;
	/* Of all samples so far. */
	double ssim, squared_error;
	uint64_t samples;
};

/* Puts a taker on the track. */
int score_open(struct score *score, struct track *track, struct log *log, struct vm_error *err);

/* A picture that is encoded next; perhaps it is taken as a sample. */
int score_see(struct score *score, const AVFrame *picture, struct vm_error *err);

/* Known once the track has ended; false: there were no samples. */
bool score_read(const struct score *score, double *ssim, double *psnr_db);
void score_finish(struct score *score);

#endif
