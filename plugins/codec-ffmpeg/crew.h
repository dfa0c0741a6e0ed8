/* crew.h - the threads that work on one job: the first failure stops them all. */
#ifndef CODEC_FFMPEG_CREW_H
#define CODEC_FFMPEG_CREW_H

#include <pthread.h>
#include <stdatomic.h>

#include <vidmill/host.h>

#include "log.h"

enum { CREW_MAX = 64 };

/* A thread's work; VM_OK also when it ended early because the crew is stopping. */
typedef int crew_work_fn(void *ctx, struct vm_error *err);

struct crew_member {
	struct crew *crew;
	crew_work_fn *work;
	void *ctx;
	pthread_t thread;
};

struct crew {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	struct crew_member members[CREW_MAX];
	size_t count, running;
	atomic_bool stopping;
	struct vm_error failure; /* the first one */
	struct log *log;
	/* [any thread] Wakes everybody who waits; called once, at the first failure. */
	void (*stop)(void *ctx);
	void *stop_ctx;
};

void crew_init(struct crew *crew, struct log *log, void (*stop)(void *ctx), void *stop_ctx);

/* All have ended, or were never started. */
void crew_finish(struct crew *crew);

/* [caller's thread] When it fails those already started are told to stop; crew_wait still waits. */
int crew_start(struct crew *crew, crew_work_fn *work, void *ctx, struct vm_error *err);

/*
 * [caller's thread] Waits for all, and calls `tick` now and then. A cancelled
 * call, or one without time left, is a failure like any other. Returns the first.
 */
int crew_wait(struct crew *crew, const struct vm_call *call, void (*tick)(void *ctx), void *ctx,
              struct vm_error *err);

bool crew_stopping(struct crew *crew);

#endif
