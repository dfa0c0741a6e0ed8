/* step.c - one step of the state machine on the stored document, by compare-and-set. */
#include "server/videos.h"

#include "server/documents.h"
#include "server/effects.h"
#include "server/rules.h"
#include "server/step_stored.h"
#include "support/clock.h"
#include "support/log.h"
#include "support/random.h"

/* So many others can be first before something is wrong. */
#define TRIES_MAX 50

static int try_step(struct server *server, const char *id, const struct input *input,
                    struct video *after, struct effects *effects, const struct vm_call *call,
                    struct vm_error *err)
{
	struct rules rules;
	struct video before;
	int status;

	if ((status = document_read(server->places.meta, id, &before, call, err)) != VM_OK)
		return status;
	rules_of(server, &rules);
	video_step(&before, input, &rules, clock_unix_ms(), after, effects);
	if (!effects->changed)
		return VM_OK;
	return document_store(server->places.meta, after, call, err);
}

static void count_outcome(struct server *server, const struct input *input,
                          const struct effects *effects, const struct video *after)
{
	struct server_counters *counters = &server->counters;

	if (effects->stale && input->type == INPUT_EVENT)
		counters->events_dropped++;
	if (!effects->changed)
		return;
	if (input->type == INPUT_TASK_REFUSED)
		counters->tasks_refused++;
	if (input->type == INPUT_TASK_STATUS && after->attempt.ticket[0] == '\0')
		counters->attempts_lost++;
	if (input->type == INPUT_EVENT && input->event->type == EVENT_SUCCEEDED)
		counters->attempts_succeeded++;
	if (input->type == INPUT_EVENT && input->event->type == EVENT_FAILED)
		counters->attempts_failed++;
	if (input->type == INPUT_EVENT && input->event->type == EVENT_RELEASED)
		counters->attempts_released++;
}

int videos_step(struct server *server, const char *id, const struct input *input,
                struct video *after, struct effects *effects, const struct vm_call *call,
                struct vm_error *err)
{
	struct log_scope scope = {.video = id};
	struct input fresh = *input;
	char ticket[VIDEO_TICKET_MAX], event[VIDEO_ID_MAX];
	struct video video;
	int status = VM_ERR_CONFLICT;

	log_enter(&scope);
	random_fill(&fresh.random, sizeof fresh.random);
	random_hex(ticket, (sizeof ticket - 1) / 2);
	random_hex(event, (sizeof event - 1) / 2);
	fresh.fresh_ticket = ticket;
	fresh.fresh_event = event;
	for (int n = 0; n < TRIES_MAX && status == VM_ERR_CONFLICT; n++) {
		if (n > 0) {
			server->counters.conflicts++;
			cancel_sleep_ms(server->abort, random_up_to((uint64_t)n * 2));
		}
		status = try_step(server, id, &fresh, &video, effects, call, err);
	}
	if (status == VM_OK) {
		if (effects->changed)
			step_stored(input, effects, &video);
		count_outcome(server, input, effects, &video);
		effects_carry_out(server, &video, effects, call);
		if (after != NULL)
			*after = video;
	}
	log_leave(&scope);
	return status;
}
