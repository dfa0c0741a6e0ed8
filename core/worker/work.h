/* work.h - one attempt: from the job to `succeeded`, or to what is said instead. */
#ifndef WORKER_WORK_H
#define WORKER_WORK_H

#include "pipeline/pipeline.h"
#include "support/cancel.h"
#include "video/message.h"

/* What `vidmill work` exits with: compute plugins and people read it. */
enum work_end {
	WORK_SUCCEEDED = 0,
	WORK_FAILED = 10,   /* `failed` was sent */
	WORK_RELEASED = 11, /* `released` was sent: given back unfinished */
	/* no event could be sent for a whole lease: nothing was published */
	WORK_SILENT = TASK_EXIT_SILENT,
	WORK_BAD_JOB = 13 /* the job cannot be read */
};

/*
 * How patient a worker is. Processor time is bounded by the pipeline; the wall
 * clock gets twice that, as waiting for bytes may take as long again, and at least
 * time_least_ms.
 */
struct patience {
	uint64_t quiet_ms; /* a codec child that neither asks nor tells anything for so long is stuck */
	uint64_t time_least_ms;
};

extern const struct patience patience_usual; /* ten minutes for either */

struct work {
	const struct pipeline *pipeline;
	const struct job *job;
	const char *state_dir;
	const char *program;     /* started as the codec child; NULL: the one that runs now */
	const char *plugin_path; /* handed to the codec child; may be NULL */
	struct cancel *stop;     /* planned stop: hand back */
	struct patience patience;
};

/*
 * [main thread] Never leaves a child or a thread behind. Unless the end is
 * WORK_SUCCEEDED *err says why, for people.
 */
enum work_end work_run(const struct work *work, struct vm_error *err);

/*
 * The codec child's main: loads one stage's plugin, locks itself in, says hello
 * on the descriptor and serves until it is told to quit or its worker is gone.
 * Then the process ends, here.
 */
_Noreturn void codec_child_run(const struct pipeline *pipeline, const char *stage,
                               const char *state_dir, int descriptor);

#endif
