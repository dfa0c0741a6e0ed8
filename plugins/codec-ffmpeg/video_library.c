/* video_library.c - the libraries that encode pictures, and how each is told the same things. */
#include "video_library.h"

#include <libavutil/opt.h>

#include "video_encoder.h"

/*
 * A number of x264's scale on that of another encoder: where both reach the same
 * SSIM, in the mean of clips with much and with little to see (docs/performance.md).
 */
struct scale_point {
	int x264, own;
};

enum { POINTS = 4 };

static double on_scale(const struct scale_point points[POINTS], int64_t quality)
{
	const struct scale_point *from = points;

	while (from < points + POINTS - 2 && quality > from[1].x264)
		from++;
	return from->own +
	       (double)(quality - from->x264) * (from[1].own - from->own) / (from[1].x264 - from->x264);
}

static int set_x264(AVCodecContext *context, const struct video_want *want)
{
	void *own = context->priv_data;
	int code;

	if ((code = av_opt_set(own, "preset", config_presets[want->preset], 0)) < 0 ||
	    (code = av_opt_set(own, "profile", "high", 0)) < 0 ||
	    (code = av_opt_set_int(own, "forced-idr", 1, 0)) < 0 ||
	    (!want->mean &&
	     (code = av_opt_set_double(own, "crf", (double)want->rung->option->quality, 0)) < 0))
		return code;
	return av_opt_set(own, "x264-params", "scenecut=0:open-gop=0", 0);
}

static int set_x265(AVCodecContext *context, const struct video_want *want)
{
	static const struct scale_point scale[POINTS] = {{10, 11}, {18, 20}, {28, 30}, {45, 48}};
	void *own = context->priv_data;
	char parameters[128];
	int code;

	/* It has a pool of threads of its own, for all processors if nobody says otherwise. */
	snprintf(parameters, sizeof parameters,
	         "scenecut=0:open-gop=0:log-level=none:pools=%d:frame-threads=1", want->threads);
	if ((code = av_opt_set(own, "preset", config_presets[want->preset], 0)) < 0 ||
	    (code = av_opt_set(own, "profile", "main", 0)) < 0 ||
	    (code = av_opt_set_int(own, "forced-idr", 1, 0)) < 0 ||
	    (!want->mean && (code = av_opt_set_double(
	                         own, "crf", on_scale(scale, want->rung->option->quality), 0)) < 0))
		return code;
	return av_opt_set(own, "x265-params", parameters, 0);
}

static int set_svt_av1(AVCodecContext *context, const struct video_want *want)
{
	static const int presets[CONFIG_PRESETS] = {12, 11, 10, 9, 8, 7, 5, 4};
	static const struct scale_point scale[POINTS] = {{10, 16}, {18, 28}, {28, 45}, {45, 63}};
	void *own = context->priv_data;
	char parameters[128];
	int code;

	snprintf(parameters, sizeof parameters, "scd=0:enable-force-key-frames=1:lp=%d", want->threads);
	if ((code = av_opt_set_int(own, "preset", presets[want->preset], 0)) < 0 ||
	    (code = av_opt_set_int(own, "crf", (int)on_scale(scale, want->rung->option->quality), 0)) <
	        0)
		return code;
	return av_opt_set(own, "svtav1-params", parameters, 0);
}

static int set_vp9(AVCodecContext *context, const struct video_want *want)
{
	static const int presets[CONFIG_PRESETS] = {5, 5, 5, 4, 3, 2, 1, 0};
	static const struct scale_point scale[POINTS] = {{10, 16}, {18, 28}, {28, 45}, {45, 63}};
	void *own = context->priv_data;
	int code;

	/* FFmpeg tells libvpx that a picture lasts so long: the first is given bits by that alone. */
	context->ticks_per_frame = (int)av_clip64(
	    av_rescale_q(1, av_inv_q(context->framerate), context->time_base), 1, INT32_MAX);
	/* Together with a constant quality it is what the mean must not pass. */
	if (!want->mean)
		context->bit_rate = want->most;
	if ((code = av_opt_set(own, "deadline", "good", 0)) < 0 ||
	    (code = av_opt_set_int(own, "cpu-used", presets[want->preset], 0)) < 0 ||
	    (code = av_opt_set_int(own, "row-mt", 1, 0)) < 0)
		return code;
	if (want->mean)
		return 0;
	return av_opt_set_int(own, "crf", (int)on_scale(scale, want->rung->option->quality), 0);
}

const struct video_library *video_library_of(int codec)
{
	static const struct video_library codecs[] = {
	    [VIDEO_H264] = {"h264", "libx264", 2, set_x264, false},
	    [VIDEO_HEVC] = {"hevc", "libx265", 16, set_x265, false},
	    [VIDEO_AV1] = {"av1", "libsvtav1", 64, set_svt_av1, true},
	    [VIDEO_VP9] = {"vp9", "libvpx-vp9", 2, set_vp9, false},
	};

	return &codecs[codec];
}
