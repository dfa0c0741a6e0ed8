/* alarms.h - what an operator must know of, told when it begins and when it ends. */
#ifndef SERVER_ALARMS_H
#define SERVER_ALARMS_H

#include <jansson.h>

#include "server/server.h"

/*
 * An alarm is a fact for a person and never changes what the server does. Each
 * is one log line when it is raised and one when it is over, a gauge of
 * /metrics, an entry of /readyz, and a page of docs/failures. What cannot be
 * judged at present, for a place does not answer, stays as it was.
 */
enum alarm_kind {
	ALARM_DEAD_LETTERS = 1, /* messages that will not be tried again */
	ALARM_STUCK_VIDEOS = 2, /* past what was due, though the sweeper ran */
	ALARM_SWEEPER = 3,      /* no pass was finished: lost work is not found */
	ALARM_QUEUE_AGE = 4,    /* work or news that waits for too long */
	ALARM_INCOMPLETE = 5,   /* processed, but not all that the manifest names is there */
	ALARM_END
};

struct alarm {
	bool raised;
	int64_t since_ms; /* Unix time; 0: not raised */
	double figure;    /* what was judged, in the unit that its metric names */
	char detail[512]; /* of a raised one: the figure as a sentence */
};

struct alarms;

int alarms_create(struct alarms **out, struct vm_error *err);
void alarms_destroy(struct alarms *alarms); /* accepts NULL */

/* One look at everything: what alarms_loop does every five seconds. [one thread] */
void alarms_judge(struct server *server);

const char *alarm_name(enum alarm_kind kind);
/* "vidmill_NAME" is the gauge of the figure, and what it counts. */
const char *alarm_metric(enum alarm_kind kind);
const char *alarm_help(enum alarm_kind kind);

/* [any thread] */
void alarms_read(struct alarms *alarms, enum alarm_kind kind, struct alarm *out);
/* Those that are raised, as a list. NULL: out of memory. */
json_t *alarms_to_json(struct alarms *alarms);

#endif
