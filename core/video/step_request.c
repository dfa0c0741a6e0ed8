/* step_request.c - what clients and operators ask: arrived, cancel, retry, redrive, remove. */
#include <string.h>

#include "video/step.h"

static void refuse(struct step *step)
{
	step->effects->refused = true;
}

/* Sequencers of one key are compared as text of equal length, the shorter padded with zeros on
 * the left (AWS: "Event message structure", sequencer). None: the later word is the newer. */
static bool is_newer(const char *sequencer, const char *than)
{
	size_t length = strlen(sequencer), than_length = strlen(than);

	while (length > than_length && *sequencer == '0') {
		sequencer++;
		length--;
	}
	while (than_length > length && *than == '0') {
		than++;
		than_length--;
	}
	if (length != than_length)
		return length > than_length;
	return strcmp(sequencer, than) > 0 || length == 0;
}

void step_arrived(struct step *step)
{
	struct video *video = step->video;
	const struct video_source *source = &step->input->source;

	if (video->remove_asked)
		return;
	if (video->state == VIDEO_AWAITING_UPLOAD || video->state == VIDEO_EXPIRED) {
		video->source = *source;
		video->clean_ms = 0;
		video->outbox_event[0] = '\0';
		step_queue(step, step->now_ms, 0);
		/* A store that announces has its own message on the way; the sweeper covers its loss. */
		if (!step->rules->store_announces)
			step_send(step);
	} else if (video->state == VIDEO_QUEUED && strcmp(source->etag, video->source.etag) != 0 &&
	           is_newer(source->sequencer, video->source.sequencer)) {
		video->source = *source;
		step_changed(step);
	}
}

void step_cancel(struct step *step)
{
	if (step_is_final(step->video)) {
		refuse(step);
		return;
	}
	step_supersede(step);
	step_finish(step, VIDEO_CANCELED, ERROR_CANCELED, "canceled on request");
}

/* Queued again from its source, all counters anew. */
static void start_again(struct step *step)
{
	struct video *video = step->video;

	step_supersede(step);
	video->attempts = 0;
	video->releases = 0;
	video->clean_ms = 0;
	step_queue(step, step->now_ms, 0);
}

static bool can_start_again(const struct video *video)
{
	return !video->remove_asked && video->source.etag[0] != '\0';
}

void step_retry(struct step *step)
{
	struct video *video = step->video;

	if (!step_is_final(video) || !can_start_again(video)) {
		refuse(step);
		return;
	}
	video->generation++;
	start_again(step);
	step_send(step);
}

void step_redrive(struct step *step)
{
	if (step->video->state != VIDEO_FAILED || !can_start_again(step->video)) {
		refuse(step);
		return;
	}
	/* The letter itself becomes the task message: whoever asked moves it next. */
	start_again(step);
	step->video->redrive_owed = true;
}

void step_remove(struct step *step)
{
	struct video *video = step->video;
	int64_t quiet_ms = step->now_ms;

	if (video->remove_asked)
		return;
	/* Nothing may be written behind the cleaning: neither by a worker that has
	 * not stopped yet nor through an upload URL that is still good. */
	if (step_is_active(video))
		quiet_ms += (int64_t)step->rules->lease_ms;
	if (video->state == VIDEO_AWAITING_UPLOAD && video->upload.expires_ms > quiet_ms)
		quiet_ms = video->upload.expires_ms + UPLOAD_SLACK_MS;
	if (!step_is_final(video)) {
		step_supersede(step);
		step_finish(step, VIDEO_CANCELED, ERROR_CANCELED, "removed on request");
	}
	step_changed(step);
	video->remove_asked = true;
	video->dead_letter_owed = false;
	video->clean_ms = quiet_ms;
}
