/* fit.c - whether what the source has is already what a rendition would become. */
#include "fit.h"

#include <stdarg.h>
#include <stdio.h>

#include <libavutil/pixdesc.h>

#include "plan.h"

/* What browsers and telephones decode. */
#define LEVEL_MAX 52
#define AAC_SAMPLES 1024
/* The smallest avcC box that holds parameter sets. */
#define AVCC_BYTES_MIN 7
/* An encoder's average is not quite what it was told. */
#define ABOUT(rate) ((rate) / 20 * 21)

bool fit_not(char why[FIT_WHY_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, FIT_WHY_MAX, format, arguments);
	va_end(arguments);
	return false;
}

static const char *or_unknown(const char *name)
{
	return name != NULL ? name : "unknown";
}

static bool fits_codec(const AVCodecParameters *source, const struct rung *rung,
                       char why[FIT_WHY_MAX])
{
	if (rung->option->codec != VIDEO_H264)
		return fit_not(why, "%s is to be %s, and only h264 is copied", rung->option->name,
		               config_video_codecs[rung->option->codec]);
	if (source->codec_id != AV_CODEC_ID_H264)
		return fit_not(why, "the pictures are %s, not h264", avcodec_get_name(source->codec_id));
	if (source->profile != FF_PROFILE_H264_CONSTRAINED_BASELINE &&
	    source->profile != FF_PROFILE_H264_MAIN && source->profile != FF_PROFILE_H264_HIGH)
		return fit_not(why, "not every player has the profile %s",
		               or_unknown(avcodec_profile_name(source->codec_id, source->profile)));
	if (source->level <= 0 || source->level > LEVEL_MAX)
		return fit_not(why, "not every player has the level %d.%d", source->level / 10,
		               source->level % 10);
	if (source->format != AV_PIX_FMT_YUV420P || source->color_range == AVCOL_RANGE_JPEG)
		return fit_not(why, "the pictures are %s of %s range",
		               or_unknown(av_get_pix_fmt_name((enum AVPixelFormat)source->format)),
		               source->color_range == AVCOL_RANGE_JPEG ? "full" : "limited");
	if (source->field_order > AV_FIELD_PROGRESSIVE)
		return fit_not(why, "the pictures are interlaced");
	if (source->extradata_size < AVCC_BYTES_MIN || source->extradata[0] != 1)
		return fit_not(why, "the pictures are not kept as MP4 keeps them");
	return true;
}

static bool fits_shape(const AVCodecParameters *source, const struct plan *plan,
                       const struct rung *rung, char why[FIT_WHY_MAX])
{
	if (plan->shape.orientation.filters[0] != '\0')
		return fit_not(why, "the pictures must be turned");
	if (av_cmp_q(plan->shape.pixel, (AVRational){1, 1}) != 0)
		return fit_not(why, "the pixels are %d:%d, not square", plan->shape.pixel.num,
		               plan->shape.pixel.den);
	if (source->width != rung->width || source->height != rung->height)
		return fit_not(why, "the pictures are %dx%d, and %s is %dx%d", source->width,
		               source->height, rung->option->name, rung->width, rung->height);
	if (plan->colour.tone_map)
		return fit_not(why, "the pictures are of high dynamic range");
	return true;
}

static bool fits_rate(const AVCodecParameters *source, const struct rung *rung,
                      char why[FIT_WHY_MAX])
{
	if (source->bit_rate > rung->bitrate)
		return fit_not(why, "the pictures take %lld kbit/s, and %s may take %lld",
		               (long long)source->bit_rate / 1000, rung->option->name,
		               (long long)rung->bitrate / 1000);
	return true;
}

/* Rounded times would not be the source's. */
static bool fits_clock(const AVStream *stream, const struct plan *plan, char why[FIT_WHY_MAX])
{
	if (av_cmp_q(stream->time_base, plan->time_base) != 0)
		return fit_not(why, "the times of the pictures are finer than MP4 can say");
	return true;
}

static bool is_better(const struct rung *one, const struct rung *other)
{
	if (one->own_size != other->own_size)
		return one->own_size;
	if ((one->option->codec == VIDEO_H264) != (other->option->codec == VIDEO_H264))
		return one->option->codec == VIDEO_H264;
	return one->bitrate > other->bitrate;
}

/* Of those of the source's own size and codec the one that may take the most. */
static struct rung *best_rung(struct ladder *ladder)
{
	size_t best = 0;

	for (size_t i = 1; i < ladder->count; i++)
		if (is_better(&ladder->rungs[i], &ladder->rungs[best]))
			best = i;
	return &ladder->rungs[best];
}

static void fit_pictures(const AVStream *stream, struct plan *plan)
{
	const AVCodecParameters *source = stream->codecpar;
	struct plan_copy *copy = &plan->copy;
	struct rung *rung = best_rung(&plan->ladder);

	if (fits_codec(source, rung, copy->why_not) && fits_shape(source, plan, rung, copy->why_not) &&
	    fits_rate(source, rung, copy->why_not) && fits_clock(stream, plan, copy->why_not))
		copy->rung = rung;
}

/* The index knows the time of every packet: they must follow each other without a gap. */
static bool fits_times(AVStream *stream, int64_t start, char why[FIT_WHY_MAX])
{
	int count = avformat_index_get_entries_count(stream), first = 0;

	if (count == 0 || stream->time_base.num != 1 ||
	    stream->time_base.den != stream->codecpar->sample_rate)
		return fit_not(why, "the container does not say where each packet of it is");
	/* What stands before the first sample that is heard. */
	while (first < count && avformat_index_get_entry(stream, first)->flags & AVINDEX_DISCARD_FRAME)
		first++;
	if (first == count || avformat_index_get_entry(stream, first)->timestamp > start)
		return fit_not(why, "it begins later than the video");
	for (int i = 1; i < count; i++) {
		const AVIndexEntry *entry = avformat_index_get_entry(stream, i);

		if (entry->timestamp - avformat_index_get_entry(stream, i - 1)->timestamp != AAC_SAMPLES ||
		    (i > first && (entry->flags & AVINDEX_DISCARD_FRAME) != 0))
			return fit_not(why, "it has gaps or cuts");
	}
	return true;
}

static bool fits_sound(AVStream *stream, const struct plan_sound *sound, int64_t start,
                       char why[FIT_WHY_MAX])
{
	const AVCodecParameters *source = stream->codecpar;

	if (sound->level.wanted)
		return fit_not(why, "its loudness was asked for");
	if (sound->option->codec != AUDIO_AAC)
		return fit_not(why, "it is to be opus, and only aac is copied");
	if (source->codec_id != AV_CODEC_ID_AAC)
		return fit_not(why, "the sound is %s, not aac", avcodec_get_name(source->codec_id));
	if (source->profile != FF_PROFILE_AAC_LOW || source->frame_size != AAC_SAMPLES ||
	    source->extradata_size == 0)
		return fit_not(why, "not every player has AAC of the profile %s",
		               or_unknown(avcodec_profile_name(source->codec_id, source->profile)));
	if (source->sample_rate != sound->rate || source->ch_layout.nb_channels != sound->channels)
		return fit_not(why, "the sound has %d channels of %d Hz, and it has %d of %d Hz",
		               source->ch_layout.nb_channels, source->sample_rate, sound->channels,
		               sound->rate);
	if (source->bit_rate <= 0 || source->bit_rate > ABOUT((int64_t)sound->option->bitrate))
		return fit_not(why, "the sound takes %lld kbit/s, and it may take %llu",
		               (long long)source->bit_rate / 1000,
		               (unsigned long long)sound->option->bitrate / 1000);
	return fits_times(stream, start, why);
}

void fit_plan(const struct config *config, const struct input *input, struct plan *plan)
{
	if (!config->copy)
		return;
	if (plan->ladder.count > 0 && plan->part.wanted)
		fit_not(plan->copy.why_not, "a clip begins and ends between keyframes");
	else if (plan->ladder.count > 0 && plan->watermark != NULL)
		fit_not(plan->copy.why_not, "a watermark is laid over them");
	else if (plan->ladder.count > 0 && plan->cadence > 0)
		fit_not(plan->copy.why_not, "a constant frame rate is asked for");
	else if (plan->ladder.count > 0)
		fit_pictures(input->video, plan);
	for (size_t i = 0; i < plan->n_sounds; i++) {
		struct plan_sound *sound = &plan->sounds[i];
		AVStream *stream = plan->tracks[sound->track].stream;

		if (plan->part.wanted)
			fit_not(sound->why_not, "a clip begins and ends within packets");
		else if (stream != NULL)
			sound->copied = fits_sound(stream, sound, input_start(input, stream->time_base),
			                           sound->why_not);
	}
}
