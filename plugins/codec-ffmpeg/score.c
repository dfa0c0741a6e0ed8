/* score.c - how like the pictures that were encoded their encoding is: SSIM and PSNR. */
#include "score.h"

#include <math.h>
#include <stdlib.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

#include "error.h"

#define EVERY_US 500000
/* Two pictures that are the same to the bit: no error is told as this. */
#define PSNR_MAX_DB 100

static const char what[] = "score pictures";
static const char filters[] = "[other]split[a][b];[in][a]ssim[c];[c][b]psnr[out]";

static double told(const AVFrame *frame, const char *name)
{
	const AVDictionaryEntry *entry = av_dict_get(frame->metadata, name, NULL, 0);

	return entry != NULL ? strtod(entry->value, NULL) : 0;
}

/* The filters wait for pairs of one time. */
static int compare(struct score *score, AVFrame *decoded, AVFrame *encoded)
{
	int code;

	if (score->graph.graph == NULL &&
	    (code = graph_open_pair(&score->graph, decoded, encoded, score->time_base, filters)) < 0)
		return code;
	if ((code = av_buffersrc_add_frame_flags(score->graph.source, decoded,
	                                         AV_BUFFERSRC_FLAG_KEEP_REF)) < 0 ||
	    (code = av_buffersrc_add_frame_flags(score->graph.other, encoded,
	                                         AV_BUFFERSRC_FLAG_KEEP_REF)) < 0)
		return code;
	while ((code = av_buffersink_get_frame(score->graph.sink, score->compared)) >= 0) {
		score->ssim += told(score->compared, "lavfi.ssim.All");
		score->squared_error += told(score->compared, "lavfi.psnr.mse_avg");
		score->samples++;
		av_frame_unref(score->compared);
	}
	return code == AVERROR(EAGAIN) || code == AVERROR_EOF ? 0 : code;
}

static int find(struct score *score)
{
	int code = 0;

	for (size_t i = 0; i < score->n_waiting; i++) {
		AVFrame *encoded = score->waiting[i];

		if (encoded->pts != score->frame->best_effort_timestamp)
			continue;
		score->frame->pts = encoded->pts;
		code = compare(score, score->frame, encoded);
		av_frame_free(&encoded);
		score->waiting[i] = score->waiting[--score->n_waiting];
		break;
	}
	return code;
}

static int look(struct score *score, const AVPacket *packet, struct vm_error *err)
{
	int code = avcodec_send_packet(score->decoder, packet);

	while (code >= 0 && (code = avcodec_receive_frame(score->decoder, score->frame)) >= 0) {
		code = find(score);
		av_frame_unref(score->frame);
	}
	if (code >= 0 || code == AVERROR(EAGAIN) || code == AVERROR_EOF)
		return VM_OK;
	return error_of_ours(err, code, what, score->log);
}

static int take(struct taker *taker, const AVPacket *packet, struct vm_error *err)
{
	return look((struct score *)(void *)taker, packet, err);
}

static int end(struct taker *taker, int64_t time, struct vm_error *err)
{
	(void)time;
	return look((struct score *)(void *)taker, NULL, err);
}

int score_open(struct score *score, struct track *track, struct log *log, struct vm_error *err)
{
	int code;

	*score = (struct score){.taker = {take, end}, .time_base = track->time_base, .log = log};
	if ((score->frame = av_frame_alloc()) == NULL || (score->compared = av_frame_alloc()) == NULL)
		return vm_fail_memory(err);
	if ((code = track_decoder(track, log, &score->decoder)) < 0)
		return error_of_ours(err, code, what, log);
	track_add(track, &score->taker);
	return VM_OK;
}

int score_see(struct score *score, const AVFrame *picture, struct vm_error *err)
{
	AVFrame *held;

	if (score->decoder == NULL || picture->pts < score->due ||
	    score->n_waiting == SCORE_WAITING_MAX)
		return VM_OK;
	if ((held = av_frame_clone(picture)) == NULL)
		return vm_fail_memory(err);
	score->waiting[score->n_waiting++] = held;
	score->due = picture->pts + av_rescale_q(EVERY_US, AV_TIME_BASE_Q, score->time_base);
	return VM_OK;
}

bool score_read(const struct score *score, double *ssim, double *psnr_db)
{
	double error;

	if (score->samples == 0)
		return false;
	error = score->squared_error / (double)score->samples;
	*ssim = score->ssim / (double)score->samples;
	*psnr_db = error > 0 ? fmin(10 * log10(255 * 255 / error), PSNR_MAX_DB) : PSNR_MAX_DB;
	return true;
}

void score_finish(struct score *score)
{
	avcodec_free_context(&score->decoder);
	av_frame_free(&score->frame);
	av_frame_free(&score->compared);
	graph_finish(&score->graph);
	for (size_t i = 0; i < score->n_waiting; i++)
		av_frame_free(&score->waiting[i]);
	score->n_waiting = 0;
}
