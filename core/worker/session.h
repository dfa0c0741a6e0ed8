/* session.h - one codec child at work for one stage, seen from the worker. */
#ifndef WORKER_SESSION_H
#define WORKER_SESSION_H

#include "pipeline/pipeline.h"
#include "support/buffer.h"
#include "worker/uploader.h"
#include "worker/verdict.h"

struct session;

typedef void session_progress_fn(void *ctx, uint64_t done_ms, uint64_t total_ms);

struct session_want {
	const struct pipeline *pipeline;
	const struct stage *stage;
	const char *program, *plugin_path, *state_dir; /* as in struct spawn */
	struct uploader *uploader;
	struct cancel *cancel;
	int64_t deadline_ms; /* clock_monotonic_ms; INT64_MAX: none */
	uint64_t quiet_ms;   /* as in struct patience */
	session_progress_fn *progress;
	void *progress_ctx;
};

enum session_result {
	SESSION_DONE = 1,
	SESSION_CANCELLED = 2, /* by want->cancel; nothing else is said */
	SESSION_FAILED = 3     /* the verdict says why; nothing more can be asked */
};

/* What a command works on. */
struct session_source {
	struct vm_source *source;
	enum fault_place place; /* FAULT_SOURCE, FAULT_INPUT or, when verifying, FAULT_OUTPUT */
};

/*
 * Starts the child and waits until it is ready, with the same pipeline file and
 * locked down. *out is written when it is. The child may say anything from then
 * on: whatever is not exactly the protocol ends it, and the worker never.
 * [one thread, which outlives the session]
 */
enum session_result session_start(const struct session_want *want, struct session **out,
                                  struct verdict *verdict);

/* Ends the child, at once unless it is idle. Accepts NULL. */
void session_destroy(struct session *session);

/* The operations of vidmill/codec.h. `json` gets what the codec reports, as it is. */
enum session_result session_probe(struct session *session, const struct session_source *source,
                                  struct buffer *json, struct verdict *verdict);
/* Outputs that the child closes go to the uploader; an error there is for the caller to see. */
enum session_result session_run(struct session *session, const struct session_source *source,
                                struct buffer *json, struct verdict *verdict);
/* *known is false when the codec does not verify such outputs. */
enum session_result session_verify(struct session *session, const struct session_source *source,
                                   const struct manifest_output *output, uint64_t source_ms,
                                   bool *known, struct verdict *verdict);

#endif
