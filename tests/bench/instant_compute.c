/* instant_compute.c - compute whose tasks are over at once, and say so as real ones do. */
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "local_server.h"
#include "plugin/queue.h"
#include "support/call.h"
#include "support/pool.h"
#include "support/random.h"
#include "video/keys.h"
#include "video/message.h"

static struct server *served;
static struct pool *workers;
static atomic_uint busy, most;

static void say(const struct job *job, const char *nonce, struct event event)
{
	struct vm_error err;
	struct call call;
	char *text;

	memcpy(event.video, job->video, sizeof event.video);
	memcpy(event.ticket, job->ticket, sizeof event.ticket);
	memcpy(event.nonce, nonce, sizeof event.nonce);
	event.generation = job->generation;
	event.epoch = job->epoch;
	text = event_write(&event);
	if (text == NULL)
		abort();
	call_init(&call, NULL, LOCAL_CALL_MS);
	bench_expect(queue_send(served->places.queue_processed, text, strlen(text), 0, &call.vm, &err),
	             &err);
	free(text);
}

/* The words of a worker in their order; there is no work between them. */
static void work(void *ctx)
{
	struct job *job = ctx;
	struct event succeeded = {.type = EVENT_SUCCEEDED, .result = {.outputs = 1, .bytes = 1}};
	char nonce[VIDEO_NONCE_MAX];
	struct vm_error err;
	struct call call;

	random_hex(nonce, (sizeof nonce - 1) / 2);
	key_manifest(job->video, job->generation, job->epoch, nonce, succeeded.result.manifest_key);
	say(job, nonce, (struct event){.type = EVENT_STARTED});
	say(job, nonce, (struct event){.type = EVENT_PROGRESS});
	say(job, nonce, succeeded);
	call_init(&call, NULL, LOCAL_CALL_MS);
	if (job->receipt[0] != '\0')
		(void)queue_remove(served->places.queue_unprocessed, job->receipt, &call.vm, &err);
	free(job);
	atomic_fetch_sub(&busy, 1);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	(void)host;
	(void)config;
	(void)err;
	*self = NULL;
	return VM_OK;
}

static void destroy(void *self)
{
	(void)self;
}

static void traits(void *self, struct vm_compute_traits *out)
{
	(void)self;
	out->start_ms = 60000;
	out->watch_ms = 2000;
}

static int start(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
                 const struct vm_call *call, struct vm_error *err)
{
	struct job *job = calloc(1, sizeof *job);

	(void)self;
	(void)call;
	if (job == NULL || job_read(want->job, job, err) != VM_OK)
		abort();
	snprintf(task, VM_TASK_MAX, "%s", want->token);
	atomic_fetch_add(&busy, 1);
	pool_submit(workers, work, job);
	return VM_OK;
}

static int status(void *self, const char *task, struct vm_task_status *out,
                  const struct vm_call *call, struct vm_error *err)
{
	(void)self;
	(void)task;
	(void)call;
	(void)err;
	out->state = VM_TASK_RUNNING;
	return VM_OK;
}

static int stop(void *self, const char *task, const struct vm_call *call, struct vm_error *err)
{
	(void)self;
	(void)task;
	(void)call;
	(void)err;
	return VM_OK;
}

static int capacity(void *self, uint32_t *free_tasks, const struct vm_call *call,
                    struct vm_error *err)
{
	unsigned now = atomic_load(&busy);

	(void)self;
	(void)call;
	(void)err;
	*free_tasks = now < most ? most - now : 0;
	return VM_OK;
}

static const struct vm_compute_ops ops = {.size = sizeof ops,
                                          .traits = traits,
                                          .start = start,
                                          .status = status,
                                          .stop = stop,
                                          .capacity = capacity};

static struct plugin_life life = {.loaded = true};
static const struct plugin plugin = {.entry = {VM_PLUGIN(VM_KIND_COMPUTE), .name = "instant",
                                               .threads = VM_THREADS_PARALLEL, .create = create,
                                               .destroy = destroy, .ops.compute = &ops},
                                     .life = &life};

const struct plugin *instant_compute(struct server *server, unsigned tasks)
{
	struct vm_error err;

	served = server;
	most = tasks;
	if (workers == NULL)
		bench_expect(pool_create(2, 2 * tasks, &workers, &err), &err);
	return &plugin;
}

void instant_compute_stop(void)
{
	pool_destroy(workers);
	workers = NULL;
}
