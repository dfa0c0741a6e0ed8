/* fake_queue.c - messages that are only counted, and dead letters that are kept. */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

struct letter {
	char id[VM_MESSAGE_ID_MAX];
	char *body;
};

struct queue {
	pthread_mutex_t lock;
	size_t messages;
	unsigned counter;
	struct letter letters[MOST];
	size_t count;
};

void *fake_queue_create(void)
{
	struct queue *queue = calloc(1, sizeof *queue);

	pthread_mutex_init(&queue->lock, NULL);
	return queue;
}

void fake_queue_destroy(void *self)
{
	struct queue *queue = self;

	for (size_t i = 0; i < queue->count; i++)
		free(queue->letters[i].body);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

size_t fake_queue_messages(void *self)
{
	struct queue *queue = self;
	size_t messages;

	pthread_mutex_lock(&queue->lock);
	messages = queue->messages;
	pthread_mutex_unlock(&queue->lock);
	return messages;
}

static void traits(void *self, struct vm_queue_traits *out)
{
	(void)self;
	*out = (struct vm_queue_traits){.size = sizeof *out,
	                                .max_receives = 20,
	                                .visibility_ms = 60000,
	                                .extend_max_ms = 3600000,
	                                .delay_max_ms = 900000,
	                                .message_bytes_max = 1 << 18};
}

static int send_message(void *self, const void *body, size_t length, uint64_t delay_ms,
                        const struct vm_call *call, struct vm_error *err)
{
	struct queue *queue = self;
	int status = fake_fails("send", err);

	(void)body, (void)length, (void)delay_ms, (void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&queue->lock);
	queue->messages++;
	pthread_mutex_unlock(&queue->lock);
	return VM_OK;
}

static int receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                   const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)max, (void)wait_ms, (void)emit, (void)ctx, (void)call, (void)err;
	return VM_OK;
}

static int extend(void *self, const char *receipt, uint64_t visibility_ms,
                  const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)receipt, (void)visibility_ms, (void)call, (void)err;
	return VM_OK;
}

static int remove_message(void *self, const char *receipt, const struct vm_call *call,
                          struct vm_error *err)
{
	(void)self, (void)receipt, (void)call, (void)err;
	return VM_OK;
}

static int dead_letter(void *self, const struct vm_message *message, const char *reason,
                       const struct vm_call *call, struct vm_error *err)
{
	struct queue *queue = self;
	struct letter *letter;

	(void)reason, (void)call, (void)err;
	pthread_mutex_lock(&queue->lock);
	letter = &queue->letters[queue->count++];
	snprintf(letter->id, sizeof letter->id, "letter-%u", ++queue->counter);
	letter->body = strndup(message->body, message->length);
	pthread_mutex_unlock(&queue->lock);
	return VM_OK;
}

static int stats(void *self, struct vm_queue_stats *out, const struct vm_call *call,
                 struct vm_error *err)
{
	struct queue *queue = self;
	int status = fake_fails("stats", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&queue->lock);
	out->visible = queue->messages;
	out->dead = queue->count;
	out->oldest_ms = 1500;
	pthread_mutex_unlock(&queue->lock);
	return VM_OK;
}

static int list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                     const struct vm_call *call, struct vm_error *err)
{
	struct queue *queue = self;
	int status = fake_fails("list_dead", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&queue->lock);
	for (size_t i = 0; i < queue->count && i < max; i++) {
		struct vm_dead_letter letter = {.id = queue->letters[i].id,
		                                .body = queue->letters[i].body,
		                                .length = strlen(queue->letters[i].body),
		                                .reason = "received too often",
		                                .receives = 21,
		                                .died_ms = 1700000000000};

		if (emit(ctx, &letter) == VM_STOP)
			break;
	}
	pthread_mutex_unlock(&queue->lock);
	return VM_OK;
}

static bool take_letter(struct queue *queue, const char *id)
{
	for (size_t i = 0; i < queue->count; i++)
		if (strcmp(queue->letters[i].id, id) == 0) {
			free(queue->letters[i].body);
			memmove(&queue->letters[i], &queue->letters[i + 1],
			        (queue->count - i - 1) * sizeof queue->letters[0]);
			queue->count--;
			return true;
		}
	return false;
}

static int redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                   struct vm_error *err)
{
	struct queue *queue = self;
	bool taken;

	(void)call;
	pthread_mutex_lock(&queue->lock);
	taken = take_letter(queue, id);
	queue->messages += taken;
	pthread_mutex_unlock(&queue->lock);
	*moved = taken;
	return taken ? VM_OK : vm_fail(err, VM_ERR_NOT_FOUND, "redrive %s: no such letter", id);
}

static int remove_dead(void *self, const char *id, const struct vm_call *call, struct vm_error *err)
{
	struct queue *queue = self;
	bool taken;

	(void)call;
	pthread_mutex_lock(&queue->lock);
	taken = take_letter(queue, id);
	pthread_mutex_unlock(&queue->lock);
	return taken ? VM_OK : vm_fail(err, VM_ERR_NOT_FOUND, "there is no dead letter %s", id);
}

const struct vm_queue_ops fake_queue_ops = {
    .size = sizeof fake_queue_ops,
    .traits = traits,
    .send = send_message,
    .receive = receive,
    .extend = extend,
    .remove = remove_message,
    .dead_letter = dead_letter,
    .stats = stats,
    .list_dead = list_dead,
    .redrive = redrive,
    .remove_dead = remove_dead,
};
