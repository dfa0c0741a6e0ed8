/* step_stored.c - which crash point stands behind which stored step. */
#include "server/step_stored.h"

#include "support/crash_point.h"

static void event_stored(const struct event *event, const struct video *after)
{
	switch (event->type) {
	case EVENT_STARTED:
		CRASH_POINT(SERVER_STARTED_STORED);
		break;
	case EVENT_PROGRESS:
		CRASH_POINT(SERVER_LEASE_RENEWED);
		break;
	case EVENT_SUCCEEDED:
		CRASH_POINT(SERVER_PROCESSED_STORED);
		break;
	case EVENT_FAILED:
		if (after->state == VIDEO_FAILED)
			CRASH_POINT(SERVER_FAILED_STORED);
		else
			CRASH_POINT(SERVER_TRY_AGAIN_STORED);
		break;
	case EVENT_RELEASED:
		CRASH_POINT(SERVER_RELEASED_STORED);
		break;
	}
}

void step_stored(const struct input *input, const struct effects *effects,
                 const struct video *after)
{
	switch (input->type) {
	case INPUT_ARRIVED:
		CRASH_POINT(SERVER_QUEUED_STORED);
		break;
	case INPUT_CANCEL:
		CRASH_POINT(SERVER_CANCELED_STORED);
		break;
	case INPUT_RETRY:
		CRASH_POINT(SERVER_RETRY_STORED);
		break;
	case INPUT_REDRIVE:
		CRASH_POINT(SERVER_REDRIVE_STORED);
		break;
	case INPUT_REMOVE:
		CRASH_POINT(SERVER_REMOVAL_STORED);
		break;
	case INPUT_MESSAGE:
		if (effects->message == MESSAGE_LAUNCH)
			CRASH_POINT(SERVER_DISPATCHED_STORED);
		break;
	case INPUT_MESSAGE_SENT:
		CRASH_POINT(SERVER_MESSAGE_NOTED);
		break;
	case INPUT_TASK_STARTED:
		CRASH_POINT(SERVER_TASK_NOTED);
		break;
	case INPUT_TASK_REFUSED:
		CRASH_POINT(SERVER_TASK_REFUSED_STORED);
		break;
	case INPUT_TASK_FAILED:
		CRASH_POINT(SERVER_TASK_FAILED_STORED);
		break;
	case INPUT_TASK_STATUS:
		if (after->attempt.grace_ms != 0)
			CRASH_POINT(SERVER_GRACE_STORED);
		else
			CRASH_POINT(SERVER_LOST_STORED);
		break;
	case INPUT_LETTER_PAID:
		CRASH_POINT(SERVER_LETTER_PAID);
		break;
	case INPUT_LETTER_FOUND:
		CRASH_POINT(SERVER_LETTER_FOUND_STORED);
		break;
	case INPUT_EVENT:
		if (!effects->stale)
			event_stored(input->event, after);
		break;
	case INPUT_OUTBOX_SENT:
		CRASH_POINT(SERVER_OUTBOX_MARKED);
		break;
	case INPUT_TICK:
		CRASH_POINT(SERVER_TICK_STORED);
		break;
	case INPUT_SOURCE_ABSENT:
		CRASH_POINT(SERVER_EXPIRED_STORED);
		break;
	case INPUT_ADOPT:
		CRASH_POINT(SERVER_ADOPTED_STORED);
		break;
	case INPUT_CLEANED:
		CRASH_POINT(SERVER_CLEANED_STORED);
		break;
	case INPUT_UNHEARD:
		CRASH_POINT(SERVER_UNHEARD_STORED);
		break;
	case INPUT_STOPPED:
		CRASH_POINT(SERVER_STOP_NOTED);
		break;
	case INPUT_LETTER_MOVED:
		CRASH_POINT(SERVER_LETTER_MOVE_NOTED);
		break;
	}
}
