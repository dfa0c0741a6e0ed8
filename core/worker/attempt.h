/* attempt.h - what the parts of one attempt share. */
#ifndef WORKER_ATTEMPT_H
#define WORKER_ATTEMPT_H

#include "worker/heartbeat.h"
#include "worker/session.h"
#include "worker/work.h"

struct attempt {
	const struct work *work;
	char prefix[VM_KEY_MAX]; /* where its outputs lie */
	int64_t deadline_ms;

	/* one instance where two roles are one */
	struct instance *sources, *outputs; /* storage.unprocessed, storage.processed */
	struct instance *tasks, *events;    /* queue.unprocessed, queue.processed */

	struct cancel *cancel; /* by work->stop, or by silence */
	struct teller teller;
	struct heartbeat *heartbeat;
	struct pool *fetchers;
	struct uploader *uploader;
	struct manifest manifest;
};

/* One stage, from the start of its codec child to its verified outputs. */
enum session_result stage_run(struct attempt *attempt, const struct stage *stage,
                              struct verdict *verdict);

/* The most text of what codecs report: kept of each stage, and of the first probe, and in hand. */
uint64_t stage_reports_bytes_most(const struct pipeline *pipeline);

/* Writes the manifest, last of all objects. */
int publish(struct attempt *attempt, struct video_result *result, struct vm_error *err);

#endif
