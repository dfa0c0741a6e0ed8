/* crew.c - the threads that work on one job: the first failure stops them all. */
#include "crew.h"

#include <assert.h>
#include <string.h>
#include <time.h>

/* How soon a cancellation is seen. */
#define TICK_MS 100

void crew_init(struct crew *crew, struct log *log, void (*stop)(void *ctx), void *stop_ctx)
{
	pthread_condattr_t monotonic;

	memset(crew, 0, sizeof *crew);
	pthread_mutex_init(&crew->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&crew->ended, &monotonic);
	pthread_condattr_destroy(&monotonic);
	atomic_init(&crew->stopping, false);
	crew->log = log;
	crew->stop = stop;
	crew->stop_ctx = stop_ctx;
}

void crew_finish(struct crew *crew)
{
	pthread_cond_destroy(&crew->ended);
	pthread_mutex_destroy(&crew->lock);
}

bool crew_stopping(struct crew *crew)
{
	return atomic_load(&crew->stopping);
}

static void fail(struct crew *crew, const struct vm_error *failure)
{
	bool first;

	pthread_mutex_lock(&crew->lock);
	first = crew->failure.status == VM_OK;
	if (first)
		crew->failure = *failure;
	pthread_mutex_unlock(&crew->lock);
	if (!first)
		return;
	atomic_store(&crew->stopping, true);
	crew->stop(crew->stop_ctx);
}

static void *live(void *ctx)
{
	struct crew_member *member = ctx;
	struct crew *crew = member->crew;
	struct vm_error failure = {0};

	log_attach(crew->log);
	if (member->work(member->ctx, &failure) != VM_OK)
		fail(crew, &failure);
	log_attach(NULL);
	pthread_mutex_lock(&crew->lock);
	crew->running--;
	pthread_cond_signal(&crew->ended);
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

int crew_start(struct crew *crew, crew_work_fn *work, void *ctx, struct vm_error *err)
{
	struct crew_member *member = &crew->members[crew->count];
	struct vm_error failure;
	int code;

	assert(crew->count < CREW_MAX);
	*member = (struct crew_member){.crew = crew, .work = work, .ctx = ctx};
	pthread_mutex_lock(&crew->lock);
	crew->running++;
	pthread_mutex_unlock(&crew->lock);
	if ((code = pthread_create(&member->thread, NULL, live, member)) == 0) {
		crew->count++;
		return VM_OK;
	}
	pthread_mutex_lock(&crew->lock);
	crew->running--;
	pthread_mutex_unlock(&crew->lock);
	vm_fail(&failure, VM_ERR_NO_MEMORY, "start a thread: %s", strerror(code));
	fail(crew, &failure);
	return vm_fail(err, VM_ERR_NO_MEMORY, "%s", failure.message);
}

static struct timespec tick_end(void)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += TICK_MS * 1000000L;
	if (end.tv_nsec >= 1000000000L) {
		end.tv_nsec -= 1000000000L;
		end.tv_sec++;
	}
	return end;
}

static bool all_ended(struct crew *crew)
{
	struct timespec end = tick_end();
	bool ended;

	pthread_mutex_lock(&crew->lock);
	if (crew->running > 0)
		pthread_cond_timedwait(&crew->ended, &crew->lock, &end);
	ended = crew->running == 0;
	pthread_mutex_unlock(&crew->lock);
	return ended;
}

int crew_wait(struct crew *crew, const struct vm_call *call, void (*tick)(void *ctx), void *ctx,
              struct vm_error *err)
{
	struct vm_error failure;

	while (!all_ended(crew)) {
		if (vm_call_check(call, "transcode", &failure) != VM_OK)
			fail(crew, &failure);
		tick(ctx);
	}
	for (size_t i = 0; i < crew->count; i++)
		pthread_join(crew->members[i].thread, NULL);
	if (crew->failure.status != VM_OK && err != NULL)
		*err = crew->failure;
	return crew->failure.status;
}
