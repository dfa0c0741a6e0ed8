/* sound.c - the thread that decodes one track of the sound once, for all its renditions. */
#include "sound.h"

#include <libavutil/samplefmt.h>

#include "job_limits.h"

#define PACKETS_WAITING 64
/* Containers round times, and clocks wander: up to about a packet that is followed, not cut. */
#define TOLERANCE_MS 21
#define SETTLE_MS 500
#define SILENCE_SAMPLES 4096

static int share(struct sound *sound, AVFrame *frame, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < sound->count && status == VM_OK; i++)
		status = sound_filter_push(&sound->renditions[i].filter, frame, err);
	return status;
}

static int64_t to_ms(const struct sound *sound, int64_t samples)
{
	return av_rescale(samples, 1000, sound->rate);
}

/* Fills a hole before `like` with frames of its kind. */
static int share_silence(struct sound *sound, const AVFrame *like, int64_t time, int64_t samples,
                         struct vm_error *err)
{
	AVFrame *frame = av_frame_alloc();
	int status = VM_OK;

	if (frame == NULL)
		return vm_fail_memory(err);
	while (samples > 0 && status == VM_OK && !crew_stopping(sound->decode.crew)) {
		int piece = samples < SILENCE_SAMPLES ? (int)samples : SILENCE_SAMPLES;

		frame->format = like->format;
		frame->sample_rate = like->sample_rate;
		frame->nb_samples = piece;
		if (av_channel_layout_copy(&frame->ch_layout, &like->ch_layout) < 0 ||
		    av_frame_get_buffer(frame, 0) < 0) {
			status = vm_fail_memory(err);
			break;
		}
		av_samples_set_silence(frame->extended_data, 0, piece, frame->ch_layout.nb_channels,
		                       (enum AVSampleFormat)frame->format);
		frame->pts = time;
		status = share(sound, frame, err);
		av_frame_unref(frame);
		time += piece;
		samples -= piece;
	}
	av_frame_free(&frame);
	return status;
}

/* Leaves the first samples of a frame out: the pointers move, the buffers stay. */
static void skip(AVFrame *frame, int samples)
{
	enum AVSampleFormat format = (enum AVSampleFormat)frame->format;
	int planes = av_sample_fmt_is_planar(format) ? frame->ch_layout.nb_channels : 1;
	int step = av_get_bytes_per_sample(format) * (planes == 1 ? frame->ch_layout.nb_channels : 1);

	for (int i = 0; i < planes; i++)
		frame->extended_data[i] += (ptrdiff_t)samples * step;
	if (frame->extended_data != frame->data)
		for (int i = 0; i < AV_NUM_DATA_POINTERS && i < planes; i++)
			frame->data[i] = frame->extended_data[i];
	frame->nb_samples -= samples;
}

/* Nothing is made beyond the end of the part; what is left of the frame may be nothing. */
static void cut_off(const struct sound *sound, struct sound_place *place, AVFrame *frame)
{
	int64_t begin = place->time - place->silence, left;

	if (sound->most == INT64_MAX)
		return;
	place->silence = FFMIN(place->silence, FFMAX(0, sound->most - begin));
	left = av_rescale(FFMAX(0, sound->most - place->time), frame->sample_rate, sound->rate);
	frame->nb_samples = (int)FFMIN(frame->nb_samples, left);
}

/* A decoded frame: it is put where the time of the outputs wants it. */
static int place(void *ctx, AVFrame *frame, struct vm_error *err)
{
	struct sound *sound = ctx;
	AVRational source = sound->decode.stream->time_base, clock = {1, sound->rate};
	AVRational own = {1, frame->sample_rate};
	int64_t pts = frame->best_effort_timestamp, begin;
	bool before = sound->begins_within && sound->clock.next == 0;
	struct sound_place place;
	int status;

	if (frame->sample_rate <= 0 || frame->nb_samples <= 0)
		return VM_OK;
	if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
		av_channel_layout_default(&frame->ch_layout, frame->ch_layout.nb_channels);
	if (pts != AV_NOPTS_VALUE)
		pts = av_rescale_q(pts, source, clock);
	place = sound_clock_place(&sound->clock, pts, av_rescale_q(frame->nb_samples, own, clock));
	status = limits_duration(sound->decode.count->limits, to_ms(sound, sound->clock.next), err);
	if (place.skip > 0) {
		sound->skipped_ms += before ? 0 : to_ms(sound, place.skip);
		skip(frame, (int)FFMIN(av_rescale_q(place.skip, clock, own), frame->nb_samples));
	}
	begin = place.time - place.silence;
	cut_off(sound, &place, frame);
	if (status == VM_OK && place.silence > 0) {
		sound->silence_ms += to_ms(sound, place.silence);
		status = share_silence(sound, frame, av_rescale_q(begin, clock, own),
		                       av_rescale_q(place.silence, clock, own), err);
	}
	if (status != VM_OK || frame->nb_samples == 0)
		return status;
	frame->pts = av_rescale_q(place.time, clock, own);
	atomic_store(&sound->done_ms, to_ms(sound, place.time));
	return share(sound, frame, err);
}

static void begin(struct sound *sound, const AVStream *stream, const struct part *part,
                  struct input *input, struct frame_count *count, struct crew *crew)
{
	queue_init(&sound->packets, PACKETS_WAITING);
	atomic_init(&sound->done_ms, 0);
	sound->rate = stream->codecpar->sample_rate;
	sound->decode = (struct decode){.input = input,
	                                .stream = stream,
	                                .packets = &sound->packets,
	                                .crew = crew,
	                                .count = count,
	                                .emit = place,
	                                .emit_ctx = sound};
	sound->most = part_length(part, (AVRational){1, sound->rate});
	sound->begins_within = part->from_us > 0;
	sound->clock = (struct sound_clock){
	    .start = part_start(part, input, (AVRational){1, sound->rate}),
	    .tolerance = (int64_t)sound->rate * TOLERANCE_MS / 1000,
	    .settle = (int64_t)sound->rate * SETTLE_MS / 1000,
	};
}

/* A track without which there is still a video does not fail it. */
static int open_decoder(struct sound *sound, bool needed, struct vm_error *err)
{
	int status = decode_open(&sound->decode, 1, err);

	if (!needed && (status == VM_ERR_BAD_DATA || status == VM_ERR_UNSUPPORTED))
		return VM_OK;
	return status;
}

int sound_open(struct sound *sound, const struct plan *plan, size_t track, struct input *input,
               struct frame_count *count, bool required, struct crew *crew, struct vm_error *err)
{
	int status = VM_OK;

	begin(sound, plan->tracks[track].stream, &plan->part, input, count, crew);
	sound->decode.required = required;
	for (size_t i = track; i < plan->n_sounds && status == VM_OK; i += plan->n_tracks)
		if (!plan->sounds[i].copied)
			status = sound_rendition_encode(&sound->renditions[sound->count++], plan, i, crew->log,
			                                err);
	return status == VM_OK && sound->count > 0 ? open_decoder(sound, track == 0, err) : status;
}

int sound_open_to_measure(struct sound *sound, const struct plan *plan, size_t track,
                          struct input *input, struct frame_count *count, struct crew *crew,
                          struct vm_error *err)
{
	unsigned stream = (unsigned)plan->tracks[track].stream->index;
	int status = VM_OK;

	if (stream >= input->format->nb_streams ||
	    input->format->streams[stream]->codecpar->sample_rate <= 0)
		return VM_OK;
	begin(sound, input->format->streams[stream], &plan->part, input, count, crew);
	for (size_t i = track; i < plan->n_sounds && status == VM_OK; i += plan->n_tracks) {
		struct sound_rendition *rendition = &sound->renditions[sound->count];

		sound->count += plan->sounds[i].level.step != LEVEL_DONE;
		if (plan->sounds[i].level.step == LEVEL_ENCODE)
			status = sound_rendition_encode(rendition, plan, i, crew->log, err);
		else if (plan->sounds[i].level.step != LEVEL_DONE)
			sound_rendition_measure(rendition, plan, i, crew->log);
	}
	if (sound->count == 0 || status != VM_OK)
		return status;
	input->format->streams[stream]->discard = AVDISCARD_DEFAULT;
	return open_decoder(sound, false, err);
}

size_t sound_find(const struct sound *sound, size_t number)
{
	size_t i = 0;

	while (i + 1 < sound->count && sound->renditions[i].number != number)
		i++;
	return i;
}

int sound_run(void *ctx, struct vm_error *err)
{
	struct sound *sound = ctx;
	int status = decode_run(&sound->decode, err);

	if (crew_stopping(sound->decode.crew))
		return status;
	for (size_t i = 0; i < sound->count && status == VM_OK; i++) {
		struct sound_rendition *rendition = &sound->renditions[i];

		status = sound_rendition_end(rendition, err);
		if (status == VM_OK && sound->decode.required && rendition->encoder.samples == 0)
			status = vm_fail(err, VM_ERR_UNSUPPORTED, "the sound is over before it is heard");
	}
	return status;
}

void sound_finish(struct sound *sound)
{
	for (size_t i = 0; i < sound->count; i++)
		sound_rendition_finish(&sound->renditions[i]);
	decode_finish(&sound->decode);
	queue_finish(&sound->packets, decode_drop_packet);
}
