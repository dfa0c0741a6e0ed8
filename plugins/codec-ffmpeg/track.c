/* track.c - an encoded stream, and the packages that take its packets. */
#include "track.h"

#include <assert.h>

#include "codecs.h"

int track_init(struct track *track, const AVCodecContext *encoder, struct vm_error *err)
{
	track->time_base = encoder->time_base;
	if ((track->parameters = avcodec_parameters_alloc()) == NULL ||
	    avcodec_parameters_from_context(track->parameters, encoder) < 0)
		return vm_fail_memory(err);
	return VM_OK;
}

int track_init_copy(struct track *track, const AVCodecParameters *source, AVRational time_base,
                    struct vm_error *err)
{
	track->time_base = time_base;
	if ((track->parameters = avcodec_parameters_alloc()) == NULL ||
	    avcodec_parameters_copy(track->parameters, source) < 0)
		return vm_fail_memory(err);
	return VM_OK;
}

void track_finish(struct track *track)
{
	avcodec_parameters_free(&track->parameters);
}

static int describe(const struct label *label, AVStream *stream)
{
	int code;

	stream->disposition = label->roles;
	if (label->language3[0] != '\0' &&
	    (code = av_dict_set(&stream->metadata, "language", label->language3, 0)) < 0)
		return code;
	/* In MP4 some tools read a track's name, others that of its handler. */
	if ((code = av_dict_set(&stream->metadata, "handler_name", label->name, 0)) < 0)
		return code;
	return av_dict_set(&stream->metadata, "title", label->name, 0);
}

int track_add_stream(const struct track *track, AVFormatContext *format, AVStream **out)
{
	AVStream *stream = avformat_new_stream(format, NULL);
	int code;

	if (stream == NULL)
		return AVERROR(ENOMEM);
	if ((code = avcodec_parameters_copy(stream->codecpar, track->parameters)) < 0)
		return code;
	/* Apple's players want the parameter sets in the head alone, which this name promises. */
	stream->codecpar->codec_tag = track->parameters->codec_id == AV_CODEC_ID_HEVC
	                                  ? MKTAG('h', 'v', 'c', '1')
	                                  : 0;
	stream->time_base = track->time_base;
	*out = stream;
	return track->label != NULL ? describe(track->label, stream) : 0;
}

int track_decoder(const struct track *track, struct log *log, AVCodecContext **out)
{
	const AVCodec *codec = codecs_find_decoder(track->parameters->codec_id);
	AVCodecContext *context = *out = avcodec_alloc_context3(codec);
	int code;

	if (context == NULL)
		return AVERROR(ENOMEM);
	context->opaque = log;
	context->thread_count = 1;
	context->pkt_timebase = track->time_base;
	if ((code = avcodec_parameters_to_context(context, track->parameters)) < 0)
		return code;
	return avcodec_open2(context, codec, NULL);
}

void track_add(struct track *track, struct taker *taker)
{
	assert(track->n_takers < TRACK_TAKERS_MAX);
	track->takers[track->n_takers++] = taker;
}

int track_packet(struct track *track, const AVPacket *packet, struct vm_error *err)
{
	int status = VM_OK;

	track->packets++;
	track->bytes += (uint64_t)packet->size;
	for (size_t i = 0; i < track->n_takers && status == VM_OK; i++)
		status = track->takers[i]->take(track->takers[i], packet, err);
	return status;
}

int track_end(struct track *track, int64_t end, struct vm_error *err)
{
	int status = VM_OK;

	track->end = end;
	for (size_t i = 0; i < track->n_takers && status == VM_OK; i++)
		status = track->takers[i]->end(track->takers[i], end, err);
	return status;
}

int64_t track_duration_ms(const struct track *track)
{
	return av_rescale_q(track->end, track->time_base, (AVRational){1, 1000});
}
