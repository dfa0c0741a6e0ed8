/* verify_media.c - outputs that must be decoded to be believed. */
#include "verify_media.h"

#include <stdlib.h>

#include "boxes.h"
#include "config.h"
#include "describe.h"
#include "error.h"
#include "input.h"
#include "replay.h"
#include "verify_witness.h"

#define PICTURE_BYTES_MAX (64 << 20)

static const struct vm_limits no_limits = {.size = sizeof no_limits};

int64_t verify_tolerance_ms(uint64_t source_ms)
{
	int64_t share = (int64_t)(source_ms / 50);

	return share > 1000 ? share : 1000;
}

int verify_read_whole(const struct verify_job *job, size_t most, char **out, struct vm_error *err)
{
	struct vm_source *source = job->output;
	size_t got = 0, length = (size_t)source->bytes;
	char *bytes;
	int status;

	if (source->bytes == 0 || source->bytes > most)
		return vm_fail(err, VM_ERR_BAD_DATA, "a length of %llu bytes",
		               (unsigned long long)source->bytes);
	if ((bytes = malloc(length + 1)) == NULL)
		return vm_fail_memory(err);
	status = source->read_at(source, 0, bytes, length, &got, job->call, err);
	if (status == VM_OK && got < length)
		status = vm_fail(err, VM_ERR_BAD_DATA, "it is shorter than it should be");
	bytes[length] = '\0';
	if (status == VM_OK)
		*out = bytes;
	else
		free(bytes);
	return status;
}

static int check_duration(const struct verify_job *job, const struct input *input,
                          struct vm_error *err)
{
	int64_t duration_ms = input_duration_ms(input);
	int64_t off = duration_ms - (int64_t)job->source_ms;

	if (job->source_ms == 0 ||
	    (off <= verify_tolerance_ms(job->source_ms) && -off <= verify_tolerance_ms(job->source_ms)))
		return VM_OK;
	return vm_fail(err, VM_ERR_BAD_DATA, "%lld ms long, the source %llu ms", (long long)duration_ms,
	               (unsigned long long)job->source_ms);
}

static int open_output(const struct verify_job *job, struct input *input, json_t *facts,
                       struct vm_error *err)
{
	int status = input_open(input, job->output, &no_limits, job->log, job->call, err);
	json_t *described = NULL;

	if (status != VM_OK)
		return status;
	if ((described = describe_source(input)) == NULL || json_object_update(facts, described) < 0)
		status = vm_fail_memory(err);
	json_decref(described);
	return status;
}

static int decode_starts(struct input *input, struct vm_error *err)
{
	int status = VM_OK;

	if (input->video != NULL)
		status = replay(input, input->video, replay_one, NULL, err);
	for (size_t i = 0; i < input->streams.n_sounds && status == VM_OK; i++)
		status = replay_from(input, input->streams.sounds[i], 0, replay_one, NULL, err);
	return status;
}

int verify_mp4(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	char boxes[128];
	int status = boxes_list(job->output, boxes, sizeof boxes, job->call, err);

	if (status != VM_OK)
		return status;
	json_object_set_new(facts, "boxes", json_string(boxes));
	return verify_movie(job, facts, err);
}

int verify_movie(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	struct input input;
	int status = open_output(job, &input, facts, err);

	if (status == VM_OK)
		status = check_duration(job, &input, err);
	if (status == VM_OK)
		status = job->witness != NULL ? verify_file_witness(job, &input, err)
		                              : decode_starts(&input, err);
	input_finish(&input);
	return status;
}

int verify_header(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	struct input input;
	int status = open_output(job, &input, facts, err);

	input_finish(&input);
	return status;
}

static int decode_picture(const struct verify_job *job, AVPacket *packet, AVFrame *frame,
                          struct vm_error *err)
{
	AVCodecContext *context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_MJPEG));
	size_t got = 0;
	int code, status;

	if (context == NULL || frame == NULL || packet == NULL ||
	    av_new_packet(packet, (int)job->output->bytes) < 0) {
		avcodec_free_context(&context);
		return vm_fail_memory(err);
	}
	context->opaque = job->log;
	context->thread_count = 1;
	status = job->output->read_at(job->output, 0, packet->data, (size_t)packet->size, &got,
	                              job->call, err);
	if (status == VM_OK && ((code = avcodec_open2(context, NULL, NULL)) < 0 ||
	                        (code = avcodec_send_packet(context, packet)) < 0 ||
	                        (code = avcodec_receive_frame(context, frame)) < 0))
		status = error_of_source(err, code, "decode", job->log);
	avcodec_free_context(&context);
	return status;
}

int verify_picture(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	AVPacket *packet;
	AVFrame *frame;
	int status;

	if (job->output->bytes == 0 || job->output->bytes > PICTURE_BYTES_MAX)
		return vm_fail(err, VM_ERR_BAD_DATA, "a length of %llu bytes",
		               (unsigned long long)job->output->bytes);
	packet = av_packet_alloc();
	frame = av_frame_alloc();
	if ((status = decode_picture(job, packet, frame, err)) == VM_OK) {
		json_object_set_new(facts, "width", json_integer(frame->width));
		json_object_set_new(facts, "height", json_integer(frame->height));
	}
	av_packet_free(&packet);
	av_frame_free(&frame);
	return status;
}
