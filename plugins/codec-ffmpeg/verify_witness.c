/* verify_witness.c - outputs held against what went into the encoders. */
#include "verify_witness.h"

#include <fnmatch.h>
#include <string.h>

#include "replay.h"
#include "verify_contents.h"
#include "witness.h"

/* Of 255. An encoder that is starved of bits is off by less than ten in the mean of a cell. */
#define IMPRINT_MOST 24
/* How much of the sound of a file is heard at each place. */
#define LISTEN_US 3000000
#define PLACES 3

static const struct vm_limits no_limits = {.size = sizeof no_limits};

struct seeing {
	const struct witness *witness;
	const struct witness_track *track;
	AVRational time_base;
	bool in_segment;
};

/* Whether every rendition has a keyframe there; what is copied was looked at before. */
static bool all_begin_at(const struct witness *witness, int64_t time_us)
{
	for (size_t i = 0; i < witness->n_pictures; i++)
		if (!witness->tracks[i].copied && witness_sight(&witness->tracks[i], time_us) == NULL)
			return false;
	return true;
}

static int see(void *ctx, const AVFrame *frame, bool *enough, struct vm_error *err)
{
	const struct seeing *seeing = ctx;
	int64_t time_us = av_rescale_q(frame->best_effort_timestamp, seeing->time_base, AV_TIME_BASE_Q);
	const struct sight *sight = witness_sight(seeing->track, time_us);
	struct imprint imprint;
	int distance;

	*enough = true;
	if (!frame->key_frame)
		return vm_fail(err, VM_ERR_BAD_DATA, "it does not begin with a keyframe");
	if (sight == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "a keyframe is shown at %lld ms, where none was made",
		               (long long)(time_us / 1000));
	if (seeing->in_segment && !all_begin_at(seeing->witness, time_us))
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "it begins at %lld ms, where another rendition has no keyframe",
		               (long long)(time_us / 1000));
	imprint = imprint_of(frame);
	if ((distance = imprint_distance(&imprint, &sight->imprint)) > IMPRINT_MOST)
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "the picture at %lld ms is not the one that was encoded: its brightness is "
		               "off by %d of 255",
		               (long long)(time_us / 1000), distance);
	return VM_OK;
}

struct hearing {
	struct envelope envelope;
	AVRational time_base;
	int64_t until_us;
};

static int hear(void *ctx, const AVFrame *frame, bool *enough, struct vm_error *err)
{
	struct hearing *hearing = ctx;
	int64_t sample = av_rescale_q(frame->pts, hearing->time_base,
	                              (AVRational){1, frame->sample_rate});

	*enough = av_rescale_q(frame->pts, hearing->time_base, AV_TIME_BASE_Q) > hearing->until_us;
	return envelope_push(&hearing->envelope, frame, sample, err);
}

static int judge(const struct envelope *made, const struct envelope *heard, struct vm_error *err)
{
	struct envelope_match match = envelope_compare(made, heard);
	long long from_ms = (long long)heard->first * 1000 / ENVELOPE_MOMENTS_A_SECOND;

	if (match.silent)
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "from %lld ms on it is silent, what was encoded is not", from_ms);
	if (match.loud)
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "from %lld ms on there is noise where silence was encoded", from_ms);
	if (match.late_ms != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "from %lld ms on the sound is %d ms too %s", from_ms,
		               match.late_ms < 0 ? -match.late_ms : match.late_ms,
		               match.late_ms < 0 ? "early" : "late");
	return VM_OK;
}

/* From where the demuxer stands, or from `from_us` on when that is not negative. */
static int listen(struct input *input, AVStream *stream, const struct witness_track *track,
                  int64_t from_us, int64_t until_us, struct vm_error *err)
{
	struct hearing hearing = {.time_base = stream->time_base, .until_us = until_us};
	int status = from_us < 0 ? replay(input, stream, hear, &hearing, err)
	                         : replay_from(input, stream, from_us, hear, &hearing, err);

	if (status == VM_OK)
		status = judge(&track->heard, &hearing.envelope, err);
	envelope_finish(&hearing.envelope);
	return status;
}

/* The initialisation segment and one segment behind it are a file. */
struct joined {
	struct vm_source source; /* first */
	const struct witness_track *track;
	struct vm_source *segment;
};

static int read_joined(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                       size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct joined *joined = (struct joined *)(void *)source;
	size_t head = joined->track->header_bytes;

	if (offset >= head)
		return joined->segment->read_at(joined->segment, offset - head, buffer, length, got, call,
		                                err);
	*got = FFMIN(length, head - (size_t)offset);
	memcpy(buffer, joined->track->header + offset, *got);
	return VM_OK;
}

static int look_into(const struct verify_job *job, const struct witness_track *track,
                     struct input *input, struct vm_error *err)
{
	struct seeing seeing = {.witness = job->witness, .track = track, .in_segment = true};
	AVStream *stream = input->video != NULL ? input->video : input->audio;

	if (stream == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "nothing is in it");
	if (track->copied)
		return replay_copied(input, stream, err);
	if (stream == input->audio)
		return listen(input, stream, track, -1, INT64_MAX, err);
	seeing.time_base = stream->time_base;
	return replay(input, stream, see, &seeing, err);
}

static bool is_first(const char *name)
{
	return strcmp(strrchr(name, '/') + 1, "segment-00001.m4s") == 0;
}

int verify_segment_witness(const struct verify_job *job, struct vm_error *err)
{
	const struct witness_track *track = verify_track(job);
	struct joined joined = {.track = track, .segment = job->output};
	struct input input;
	int status;

	/* What is copied was no encoder's work: that its start can be decoded is enough. */
	if (track == NULL || track->header == NULL || (track->copied && !is_first(job->name)))
		return VM_OK;
	joined.source = (struct vm_source){.bytes = track->header_bytes + job->output->bytes,
	                                   .read_at = read_joined};
	if ((status = input_open(&input, &joined.source, &no_limits, job->log, job->call, err)) ==
	    VM_OK)
		status = look_into(job, track, &input, err);
	input_finish(&input);
	return status;
}

static int look_at_places(const struct verify_job *job, const struct witness_track *track,
                          struct input *input, struct vm_error *err)
{
	struct seeing seeing = {
	    .witness = job->witness, .track = track, .time_base = input->video->time_base};
	int status = VM_OK;

	for (size_t i = 0; track->n_sights > 0 && i < PLACES && status == VM_OK; i++)
		status = replay_from(input, input->video,
		                     track->sights[i * (track->n_sights - 1) / (PLACES - 1)].time_us, see,
		                     &seeing, err);
	return status;
}

static int listen_at_places(const struct witness_track *track, struct input *input,
                            AVStream *stream, struct vm_error *err)
{
	int64_t duration_us = input_duration_ms(input) * 1000;
	int64_t last_us = FFMAX(duration_us - LISTEN_US, 0);
	int status = VM_OK;

	for (int64_t i = 0; i < PLACES && status == VM_OK; i++) {
		int64_t from_us = i * last_us / (PLACES - 1);

		status = listen(input, stream, track, from_us, from_us + LISTEN_US, err);
	}
	return status;
}

/* Nothing came of it, so it is in no file. */
static bool is_empty(const struct witness_track *track)
{
	return !track->copied && track->heard.count == 0 && track->heard.samples == 0;
}

int verify_file_witness(const struct verify_job *job, struct input *input, struct vm_error *err)
{
	const struct witness *witness = job->witness;
	size_t length = strcspn(job->name, "."), first;
	const struct witness_track *track;
	int status = VM_OK;

	if ((track = witness_find(witness, job->name, length)) == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "no rendition is called like this");
	first = input->video == NULL                   ? (size_t)(track - witness->tracks)
	        : fnmatch("*.webm", job->name, 0) == 0 ? witness->webm_sounds
	                                               : witness->mp4_sounds;
	if (input->video != NULL)
		status = track->copied ? replay_copied(input, input->video, err)
		                       : look_at_places(job, track, input, err);
	for (size_t i = 0; i < input->streams.n_sounds && status == VM_OK; i++) {
		while (first < witness->count && is_empty(&witness->tracks[first]))
			first++;
		if (first == witness->count)
			return vm_fail(err, VM_ERR_BAD_DATA, "it has more sounds than were made");
		status = witness->tracks[first].copied ? replay_copied(input, input->streams.sounds[i], err)
		                                       : listen_at_places(&witness->tracks[first], input,
		                                                          input->streams.sounds[i], err);
		first++;
	}
	return status;
}
