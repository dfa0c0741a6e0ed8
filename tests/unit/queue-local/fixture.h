/* fixture.h - a queue in a folder of its own, and short words for what tests do with it. */
#ifndef TESTS_QUEUE_LOCAL_FIXTURE_H
#define TESTS_QUEUE_LOCAL_FIXTURE_H

#include "unit/sqlite/place.h"

#include <vidmill/plugin.h>

#include "queue_local.h"

/* Nothing comes back by itself during a test that does not say so. */
#define LONG_MS 600000

struct fixture {
	char folder[PLACE_MAX]; /* the state directory */
	struct vm_host host;
	struct local_config config;
	const struct vm_queue_ops *ops;
	void *self;
};

/* visibility LONG_MS, max_receives 3, the role "queue.test". */
void fixture_init(struct fixture *fixture);
/* An instance over a folder that is there, as another process has it. */
void fixture_share(struct fixture *fixture, const char *folder);
void fixture_finish(struct fixture *fixture); /* removes the folder */
void fixture_finish_shared(struct fixture *fixture);

/* What was received: texts of less than 64 bytes. */
struct received {
	char id[VM_MESSAGE_ID_MAX], receipt[VM_MESSAGE_ID_MAX], body[64];
	uint32_t receives;
	int64_t sent_ms;
};

/* Each fails the test when the operation fails. */
void send_text(struct fixture *fixture, const char *text, uint64_t delay_ms);
/* One message; false when none came in wait_ms. */
bool receive_one(struct fixture *fixture, uint64_t wait_ms, struct received *out);
struct received expect_received(struct fixture *fixture, const char *text);
void expect_nothing(struct fixture *fixture);
struct vm_queue_stats stats_of(struct fixture *fixture);
/* Bodies of up to `max` messages received now, "a b c "; emit says stop after `stop`. */
const char *received_texts(struct fixture *fixture, uint32_t max, unsigned stop);
/* "body:reason:receives body:reason:receives " of the dead letters, as listed. */
const char *dead_texts(struct fixture *fixture, uint32_t max);
/* Receives it and moves it to the dead letters. */
struct received bury_text(struct fixture *fixture, const char *text, const char *reason);
struct vm_message message_of(const struct received *received);

/* Runs SQL on the queue's file, behind the plugin's back; returns the first column, or 0. */
int64_t run_sql(struct fixture *fixture, const char *sql);

#endif
