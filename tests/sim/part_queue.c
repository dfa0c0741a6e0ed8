/* part_queue.c - two queues that deliver at least once, out of order, and sometimes twice. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "part_queue.h"
#include "sim.h"
#include "tally.h"

#define VISIBILITY_MS 120000

struct queue unprocessed, processed;
static uint64_t next_id = 1;

void queue_excuse(const struct message *message)
{
	struct event event;

	if (event_read(message->body, message->length, &event, NULL) == VM_OK)
		task_excuse(event.video, event.generation, event.epoch);
}

static void add(struct queue *queue, const void *body, size_t length, int64_t visible_ms)
{
	struct message *message = calloc(1, sizeof *message);

	if (message == NULL || (message->body = malloc(length + 1)) == NULL)
		abort();
	memcpy(message->body, body, length);
	message->body[length] = '\0';
	message->length = length;
	message->id = next_id++;
	message->visible_ms = visible_ms;
	if (chance_of(20)) {
		message->visible_ms += (int64_t)chance_up_to(60000);
		queue_excuse(message);
	}
	message->next = queue->messages;
	queue->messages = message;
	world_wake(queue);
}

void queue_take_out(struct queue *queue, struct message *message)
{
	struct message **link = &queue->messages;

	while (*link != message)
		link = &(*link)->next;
	*link = message->next;
	free(message->body);
	free(message);
}

static struct message *find_receipt(struct queue *queue, const char *receipt)
{
	uint64_t id = 0, number = 0;

	if (sscanf(receipt, "%" SCNu64 ".%" SCNu64, &id, &number) != 2)
		return NULL;
	for (struct message *message = queue->messages; message != NULL; message = message->next)
		if (message->id == id)
			return message;
	return NULL;
}

static bool is_stale(const struct message *message, const char *receipt)
{
	char text[64];

	snprintf(text, sizeof text, "%" PRIu64 ".%" PRIu64, message->id, message->receipt);
	return strcmp(text, receipt) != 0;
}

static void bury(struct message *message, const char *reason)
{
	message->is_dead = true;
	message->died_ms = world.now_ms;
	snprintf(message->reason, sizeof message->reason, "%s", reason);
}

static void do_traits(void *self, struct vm_queue_traits *out)
{
	(void)self;
	out->max_receives = sim.max_receives;
	out->visibility_ms = VISIBILITY_MS;
	out->extend_max_ms = 43200000;
	out->delay_max_ms = 900000;
	out->message_bytes_max = 262144;
}

int queue_do_send(void *self, const void *body, size_t length, uint64_t delay_ms,
                  const struct vm_call *call, struct vm_error *err)
{
	int status = part_begin("queue.send", err);

	(void)call;
	if (status != VM_OK)
		return status;
	add(self, body, length, world.now_ms + (int64_t)delay_ms);
	if (chance_of(20)) /* at least once */
		add(self, body, length, world.now_ms + (int64_t)delay_ms);
	return part_end("queue.send", err);
}

/* Any of those visible, not the oldest: a standard queue keeps no order. */
static struct message *pick(struct queue *queue)
{
	struct message *chosen = NULL;
	uint64_t n = 0;

	for (struct message *message = queue->messages; message != NULL; message = message->next)
		if (!message->is_dead && message->visible_ms <= world.now_ms && chance_up_to(n++) == 0)
			chosen = message;
	return chosen;
}

/* Waits until a message is visible, a new one came or one was given back. */
static void wait_for_message(const struct queue *queue, int64_t end_ms)
{
	int64_t next_ms = end_ms;

	for (const struct message *message = queue->messages; message != NULL; message = message->next)
		if (!message->is_dead && message->visible_ms < next_ms)
			next_ms = message->visible_ms;
	world_wait_ms(queue, next_ms - world.now_ms);
}

static void emit_one(const struct queue *queue, struct message *message, vm_message_fn *emit,
                     void *ctx)
{
	char id[32], receipt[64];
	struct vm_message out = {.id = id,
	                         .receipt = receipt,
	                         .body = message->body,
	                         .length = message->length,
	                         .receives = message->receives};

	/* Now and then a message is delivered and stays visible: it comes twice. */
	if (!chance_of(20))
		message->visible_ms = world.now_ms + VISIBILITY_MS;
	message->receipt = next_id++;
	snprintf(id, sizeof id, "%" PRIu64, message->id);
	snprintf(receipt, sizeof receipt, "%" PRIu64 ".%" PRIu64, message->id, message->receipt);
	if (sim.poison[0] != '\0' && strstr(message->body, sim.poison) != NULL && queue == &unprocessed)
		process_self()->poisoned = true;
	tally_add(TALLY_TASK_RECEIVES, queue == &unprocessed);
	emit(ctx, &out);
}

static int do_receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                      const struct vm_call *call, struct vm_error *err)
{
	int64_t end_ms = world.now_ms + (int64_t)wait_ms;
	struct message *message;
	int status = part_begin("queue.receive", err);

	(void)call;
	if (status != VM_OK)
		return status;
	while ((message = pick(self)) == NULL && world.now_ms < end_ms)
		wait_for_message(self, end_ms);
	for (; message != NULL && max > 0; max--, message = pick(self)) {
		if (++message->receives > sim.max_receives) {
			bury(message, "received too often");
			queue_excuse(message);
			continue;
		}
		emit_one(self, message, emit, ctx);
	}
	return VM_OK;
}

int queue_do_extend(struct queue *queue, const char *receipt, int64_t visibility_ms,
                    struct vm_error *err)
{
	struct message *message;
	int status = part_begin("queue.extend", err);

	if (status != VM_OK)
		return status;
	message = find_receipt(queue, receipt);
	if (message == NULL || message->is_dead || is_stale(message, receipt))
		return vm_fail(err, VM_ERR_CONFLICT, "extend: stale receipt");
	message->visible_ms = world.now_ms + visibility_ms;
	if (visibility_ms == 0)
		world_wake(queue);
	return VM_OK;
}

static int do_extend(void *self, const char *receipt, uint64_t visibility_ms,
                     const struct vm_call *call, struct vm_error *err)
{
	(void)call;
	return queue_do_extend(self, receipt, (int64_t)visibility_ms, err);
}

int queue_do_remove(void *self, const char *receipt, const struct vm_call *call,
                    struct vm_error *err)
{
	struct message *message;
	int status = part_begin("queue.remove", err);

	(void)call;
	if (status != VM_OK)
		return status;
	message = find_receipt(self, receipt);
	/* With a stale receipt SQS may or may not delete, and says it did either way. */
	if (message != NULL && !message->is_dead && (!is_stale(message, receipt) || chance_of(500)))
		queue_take_out(self, message);
	return part_end("queue.remove", err);
}

static int do_dead_letter(void *self, const struct vm_message *message, const char *reason,
                          const struct vm_call *call, struct vm_error *err)
{
	struct message *found;
	int status = part_begin("queue.dead_letter", err);

	(void)call;
	if (status != VM_OK)
		return status;
	found = find_receipt(self, message->receipt);
	if (found == NULL || found->is_dead || is_stale(found, message->receipt))
		return vm_fail(err, VM_ERR_CONFLICT, "dead letter: stale receipt");
	bury(found, reason);
	return part_end("queue.dead_letter", err);
}

static int do_stats(void *self, struct vm_queue_stats *out, const struct vm_call *call,
                    struct vm_error *err)
{
	const struct queue *queue = self;
	int status = part_begin("queue.stats", err);

	(void)call;
	if (status != VM_OK)
		return status;
	*out = (struct vm_queue_stats){.size = out->size};
	for (const struct message *m = queue->messages; m != NULL; m = m->next) {
		out->dead += m->is_dead;
		out->visible += !m->is_dead && m->visible_ms <= world.now_ms;
		out->invisible += !m->is_dead && m->visible_ms > world.now_ms;
	}
	return VM_OK;
}

static int do_list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                        const struct vm_call *call, struct vm_error *err)
{
	struct queue *queue = self;
	int status = part_begin("queue.list_dead", err);

	(void)call;
	if (status != VM_OK)
		return status;
	for (struct message *message = queue->messages; message != NULL && max > 0;
	     message = message->next) {
		char id[32];
		struct vm_dead_letter letter = {.id = id,
		                                .body = message->body,
		                                .length = message->length,
		                                .reason = message->reason,
		                                .receives = message->receives,
		                                .died_ms = message->died_ms};

		if (!message->is_dead)
			continue;
		snprintf(id, sizeof id, "%" PRIu64, message->id);
		max--;
		if (emit(ctx, &letter) == VM_STOP)
			break;
	}
	return VM_OK;
}

static int do_redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                      struct vm_error *err)
{
	struct queue *queue = self;
	int status = part_begin("queue.redrive", err);

	(void)call;
	*moved = 0;
	if (status != VM_OK)
		return status;
	for (struct message *message = queue->messages; message != NULL; message = message->next) {
		char text[32];

		snprintf(text, sizeof text, "%" PRIu64, message->id);
		if (!message->is_dead || (id != NULL && strcmp(id, text) != 0))
			continue;
		message->is_dead = false;
		message->receives = 0;
		message->visible_ms = world.now_ms;
		(*moved)++;
	}
	world_wake(queue);
	if (id != NULL && *moved == 0)
		return vm_fail(err, VM_ERR_NOT_FOUND, "redrive %s: no such letter", id);
	return part_end("queue.redrive", err);
}

static int do_remove_dead(void *self, const char *id, const struct vm_call *call,
                          struct vm_error *err)
{
	(void)self;
	(void)call;
	return vm_fail(err, VM_ERR_NOT_FOUND, "remove dead %s: no such letter", id);
}

static int create_unprocessed(const struct vm_host *host, const void *config, void **self,
                              struct vm_error *err)
{
	(void)host;
	(void)config;
	(void)err;
	*self = &unprocessed;
	return VM_OK;
}

static int create_processed(const struct vm_host *host, const void *config, void **self,
                            struct vm_error *err)
{
	(void)host;
	(void)config;
	(void)err;
	*self = &processed;
	return VM_OK;
}

static const struct vm_queue_ops ops = {.size = sizeof ops,
                                        .traits = do_traits,
                                        .send = queue_do_send,
                                        .receive = do_receive,
                                        .extend = do_extend,
                                        .remove = queue_do_remove,
                                        .dead_letter = do_dead_letter,
                                        .stats = do_stats,
                                        .list_dead = do_list_dead,
                                        .redrive = do_redrive,
                                        .remove_dead = do_remove_dead};

static struct plugin_life life = {.loaded = true};
struct plugin sim_queue_unprocessed = {
    .entry = {VM_PLUGIN(VM_KIND_QUEUE), .name = "sim-queue", .threads = VM_THREADS_PARALLEL,
              .ops.queue = &ops, .create = create_unprocessed, .destroy = part_destroy},
    .life = &life};
struct plugin sim_queue_processed = {.entry = {VM_PLUGIN(VM_KIND_QUEUE), .name = "sim-queue",
                                               .threads = VM_THREADS_PARALLEL, .ops.queue = &ops,
                                               .create = create_processed, .destroy = part_destroy},
                                     .life = &life};
