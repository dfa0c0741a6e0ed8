/* loops.h - the threads of `vidmill serve`, each a loop that ends when the server stops. */
#ifndef SERVER_LOOPS_H
#define SERVER_LOOPS_H

#include "server/server.h"

/* Each takes the struct server and returns NULL: fit for pthread_create. */

/* Task messages in, tasks started. Ends at `stop`. */
void *dispatcher_loop(void *server);
/* Events in, documents stored. Ends at `abort`: events still come while the server drains. */
void *collector_loop(void *server);
/* Everything that is due by itself. Ends at `stop`. */
void *sweeper_loop(void *server);
/* Asks compute after every task that should be at work. Ends at `stop`. */
void *watcher_loop(void *server);
/* Judges what an operator must know of. Ends at `stop`. */
void *alarms_loop(void *server);
/* Files dropped into the inbox folder. Ends at `stop`. */
void *inbox_loop(void *server);

/* What each operation of a loop may take. */
#define LOOP_CALL_MS 60000

/*
 * How long a loop waits between two rounds: pace_ms; after rounds that did not
 * work full jitter on top of it, whose bound doubles with each in a row from 500 ms
 * to 15 s, so that what is down is left alone and servers do not come back together.
 */
struct loop_rest {
	uint64_t pace_ms;
	unsigned failures; /* in a row */
};
uint64_t loop_rest_ms(struct loop_rest *rest, bool worked);

/*
 * After a failure: waits, longer each time, until the metadata store answers
 * again, so that messages are not received only to be given up. False: stopped.
 */
bool loop_wait_for_meta(struct server *server, const struct cancel *until);

#endif
