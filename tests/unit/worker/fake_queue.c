/* fake_queue.c - a queue plugin that remembers what it was told, and fails as it is told. */
#include "fake_queue.h"

#include <stdlib.h>
#include <time.h>

#include "deeds.h"

struct fake_queue *fake_queue_create(void)
{
	struct fake_queue *queue = calloc(1, sizeof *queue);

	queue->config.queue = queue;
	queue->traits = (struct vm_queue_traits){.size = sizeof queue->traits,
	                                         .max_receives = 20,
	                                         .visibility_ms = 120000,
	                                         .extend_max_ms = 43200000,
	                                         .delay_max_ms = 900000,
	                                         .message_bytes_max = 262144};
	queue->sends_most = SIZE_MAX;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->changed, NULL);
	return queue;
}

void fake_queue_destroy(struct fake_queue *queue)
{
	free(queue);
}

static const struct event *find(struct fake_queue *queue, enum event_type type)
{
	for (size_t i = 0; i < queue->n_events; i++)
		if (queue->events[i].type == type)
			return &queue->events[i];
	return NULL;
}

static struct timespec in_30_seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_sec += 30;
	return time;
}

const struct event *fake_queue_wait(struct fake_queue *queue, enum event_type type)
{
	struct timespec until = in_30_seconds();
	const struct event *found;

	pthread_mutex_lock(&queue->lock);
	while ((found = find(queue, type)) == NULL &&
	       pthread_cond_timedwait(&queue->changed, &queue->lock, &until) == 0)
		;
	pthread_mutex_unlock(&queue->lock);
	return found;
}

bool fake_queue_wait_extended(struct fake_queue *queue, unsigned times)
{
	struct timespec until = in_30_seconds();
	bool enough;

	pthread_mutex_lock(&queue->lock);
	while (queue->extended < times &&
	       pthread_cond_timedwait(&queue->changed, &queue->lock, &until) == 0)
		;
	enough = queue->extended >= times;
	pthread_mutex_unlock(&queue->lock);
	return enough;
}

const struct event *fake_queue_last(struct fake_queue *queue)
{
	return queue->n_events > 0 ? &queue->events[queue->n_events - 1] : NULL;
}

static void queue_traits_of(void *self, struct vm_queue_traits *out)
{
	*out = ((struct fake_queue *)self)->traits;
}

static int queue_send_to(void *self, const void *body, size_t length, uint64_t delay_ms,
                         const struct vm_call *call, struct vm_error *err)
{
	struct fake_queue *queue = self;
	int status;

	(void)delay_ms;
	(void)call;
	pthread_mutex_lock(&queue->lock);
	if (queue->n_events >= queue->sends_most || queue->n_events == FAKE_EVENTS_MOST)
		status = vm_fail(err, VM_ERR_DENIED, "send: told to fail");
	else {
		status = event_read(body, length, &queue->events[queue->n_events], err);
		if (status == VM_OK && queue->events[queue->n_events].type != EVENT_PROGRESS)
			deeds_add(event_type_name(queue->events[queue->n_events].type));
		queue->n_events++;
	}
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
	return status;
}

static int queue_extend_of(void *self, const char *receipt, uint64_t visibility_ms,
                           const struct vm_call *call, struct vm_error *err)
{
	struct fake_queue *queue = self;
	int status;

	(void)call;
	pthread_mutex_lock(&queue->lock);
	snprintf(queue->receipt, sizeof queue->receipt, "%s", receipt);
	if (visibility_ms == 0) {
		queue->given_back++;
		deeds_add("given back");
	} else
		queue->extended++;
	status = queue->extend_status;
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
	return status == VM_OK ? VM_OK : vm_fail(err, status, "extend: told to fail");
}

static int queue_remove_of(void *self, const char *receipt, const struct vm_call *call,
                           struct vm_error *err)
{
	struct fake_queue *queue = self;

	(void)call;
	(void)err;
	pthread_mutex_lock(&queue->lock);
	snprintf(queue->receipt, sizeof queue->receipt, "%s", receipt);
	queue->removed++;
	deeds_add("removed");
	pthread_mutex_unlock(&queue->lock);
	return VM_OK;
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	(void)host;
	(void)err;
	*self = ((const struct fake_queue_config *)config)->queue;
	return VM_OK;
}

static void destroy(void *self)
{
	(void)self;
}

static struct plugin_life life;

const struct plugin fake_queue_plugin = {
    .entry = {VM_PLUGIN(VM_KIND_QUEUE), .name = "queue-fake", .version = "1",
              .summary = "Remembers events.", .threads = VM_THREADS_PARALLEL,
              .config_size = sizeof(struct fake_queue_config),
              .ops.queue = &fake_queue_plugin.ops.queue, .create = create, .destroy = destroy},
    .ops.queue = {.size = sizeof(struct vm_queue_ops),
                  .traits = queue_traits_of,
                  .send = queue_send_to,
                  .extend = queue_extend_of,
                  .remove = queue_remove_of},
    .life = &life,
};
