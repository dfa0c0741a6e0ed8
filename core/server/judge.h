/* judge.h - the figures behind the alarms, and from where on each is one. */
#ifndef SERVER_JUDGE_H
#define SERVER_JUDGE_H

#include "server/alarms.h"
#include "video/video.h"

/* More than so many incomplete videos need no longer list. */
#define JUDGE_INCOMPLETE_MAX 32

/* What is kept from one look to the next. */
struct judge_memory {
	int64_t started_ms; /* clock_monotonic_ms */
	/* The audit that goes round: one processed video after the other, in the order of their ids. */
	int64_t audited_ms;
	char audited[VIDEO_ID_MAX];
	char incomplete[JUDGE_INCOMPLETE_MAX][VIDEO_ID_MAX];
	size_t n_incomplete;
};

/* Fills in figure, raised and detail. False: it cannot be told at present. [one thread] */
typedef bool judge_fn(struct server *server, struct judge_memory *memory, struct alarm *out);

judge_fn judge_dead_letters, judge_stuck_videos, judge_sweeper, judge_queue_age; /* judge.c */
judge_fn judge_incomplete; /* judge_incomplete.c */

#endif
