/* step.h - what the parts of the state machine share: one step being taken. */
#ifndef VIDEO_STEP_H
#define VIDEO_STEP_H

#include "video/machine.h"

/* The last look for objects of attempts that lost. */
#define CLEAN_AGAIN_MS (24 * 3600 * 1000)
/* After this long without a word a store's announcement counts as lost. */
#define ANNOUNCE_MS (60 * 1000)
/* A message that waits in the queue is believed lost only after this long. */
#define RESEND_MS (15 * 60 * 1000)
/* A task message that is owed and of which nobody says that it was sent. */
#define MESSAGE_MS 1000
/* So far the clocks of servers may differ; one that is further behind was set back. */
#define CLOCK_SLACK_MS (5 * 60 * 1000)
/* What else is owed and was not done is tried again after this long. */
#define OWED_MS (30 * 1000)

struct step {
	const struct input *input;
	const struct rules *rules;
	int64_t now_ms;
	struct video *video; /* being changed */
	struct effects *effects;
};

/* The document was changed and is to be stored. */
void step_changed(struct step *step);
/*
 * When the document is of the future, the clock was set back since: it counts
 * as stored just now, and all that is due keeps its distance from that.
 */
void step_follow_clock(struct step *step);

bool step_is_active(const struct video *video); /* dispatched or processing */
bool step_is_final(const struct video *video);  /* processed, failed, expired or canceled */

/* queued, due at due_ms; `visible_ms` as in struct video. */
void step_queue(struct step *step, int64_t due_ms, int64_t visible_ms);
/* Asks for a task message that can be received when the video is due. */
void step_send(struct step *step);
/* A final state, with its notification. */
void step_finish(struct step *step, enum video_state state, enum error_class error,
                 const char *reason);

/*
 * Ends the present attempt: it goes into the history and loses the right to
 * publish. The epoch stays; whoever takes the work away counts it up.
 */
void step_end_attempt(struct step *step, enum attempt_end end, enum error_class error,
                      const char *reason);
/* The same, by force: the epoch counts up and compute is asked to stop the task. */
void step_supersede(struct step *step);
/* Has compute end a task that lost its right; "": there is none. */
void step_stop(struct step *step, const char *task);
/* A failure that another attempt may mend: queued again at due_ms, or failed after the last one. */
void step_try_again(struct step *step, enum error_class error, const char *reason, int64_t due_ms,
                    int64_t visible_ms);
int64_t step_backoff(const struct step *step); /* Unix time of the next try */

typedef void step_fn(struct step *step);
step_fn step_arrived, step_cancel, step_retry, step_redrive, step_remove; /* step_request.c */
step_fn step_message, step_message_sent, step_unheard;                    /* step_message.c */
step_fn step_letter_paid, step_letter_found, step_letter_moved;           /* step_message.c */
step_fn step_task_started, step_task_refused, step_task_failed, step_task_status,
    step_stopped;                                                      /* step_task.c */
step_fn step_event, step_adopt;                                        /* step_event.c */
step_fn step_tick, step_source_absent, step_outbox_sent, step_cleaned; /* step_time.c */

/* When the sweeper must look at the video next; 0: never. */
int64_t step_wake(const struct step *step); /* step_time.c */

#endif
