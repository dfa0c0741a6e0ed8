/* server.h - what the parts of `vidmill serve` share, and its life from start to drained. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stdatomic.h>

#include "pipeline/pipeline.h"
#include "plugin/instance.h"
#include "support/cancel.h"

/* The instances that a pipeline names. storage and queue pairs may be the same one. */
struct places {
	struct instance *storage_unprocessed, *storage_processed;
	struct instance *queue_unprocessed, *queue_processed;
	struct instance *compute, *meta;
};

/* Counted since the start of this process; read by the metrics. */
struct server_counters {
	atomic_uint_fast64_t videos_created, uploads_received, tasks_started, tasks_refused;
	atomic_uint_fast64_t events_received, events_dropped, attempts_succeeded, attempts_failed;
	atomic_uint_fast64_t attempts_released, attempts_lost, dead_letters, conflicts;
};

struct video_feed;
struct alarms;

struct server {
	const struct pipeline *pipeline;
	const char *state_dir;
	struct places places;
	const char *const *worker_command; /* starts `vidmill work` for this pipeline; ends with NULL */
	struct cancel *stop;               /* take no more work */
	struct cancel *abort;              /* cut short what still runs */
	struct server_counters counters;
	_Atomic int64_t
	    drained_ms;           /* clock_monotonic_ms when the processed queue was last found empty */
	_Atomic int64_t swept_ms; /* clock_monotonic_ms when the sweeper last finished a pass */
	struct video_feed *feed;  /* tells the API's event streams what changed */
	struct alarms *alarms;    /* what a person must know of */
};

struct server_options {
	const char *state_dir;
	const char *const *worker_command;
	const char *ready_file; /* written with the API's address when all is up; NULL: none */
};

/* All that the parts share, and nothing that runs: no I/O. server_close must be called in any
 * case; it accepts what was left half-made. [main thread] */
int server_open(struct server *server, const struct pipeline *pipeline, const char *state_dir,
                struct vm_error *err);
void server_close(struct server *server);

/*
 * Runs until SIGTERM or SIGINT, then drains. VM_OK after an orderly end. Says
 * the address it listens on in one log line. [main thread]
 */
int server_run(const struct pipeline *pipeline, const struct server_options *options,
               struct vm_error *err);

#endif
