/* link.c - requests of many threads over one socket, each woken by its own answer. */
#include "worker/link.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker/requests.h"

/* A request that waits, on the stack of who asks. */
struct waiting {
	struct question *question;
	uint32_t request;
	pthread_cond_t answered;
	bool done;
	int status;
	struct vm_error error;
	struct waiting *next;
};

struct link {
	struct channel channel;
	struct cancel *cancel;
	pthread_t receiver;
	bool started;

	pthread_mutex_t ask_lock; /* requests go out in the order of their numbers */
	uint32_t last_request;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t free_place, commanded;
	struct waiting *first;
	unsigned n_waiting;
	bool has_command;
	struct message command;
};

int link_create(int descriptor, struct link **out, struct vm_error *err)
{
	struct link *link = calloc(1, sizeof *link);
	int status;

	if (link == NULL)
		return vm_fail_memory(err);
	status = cancel_create(NULL, &link->cancel, err);
	if (status != VM_OK) {
		free(link);
		return status;
	}
	channel_init(&link->channel, descriptor, FRAME_FROM_WORKER);
	pthread_mutex_init(&link->ask_lock, NULL);
	pthread_mutex_init(&link->lock, NULL);
	pthread_cond_init(&link->free_place, NULL);
	pthread_cond_init(&link->commanded, NULL);
	*out = link;
	return VM_OK;
}

void link_destroy(struct link *link)
{
	if (link == NULL)
		return;
	if (link->started)
		pthread_join(link->receiver, NULL);
	channel_finish(&link->channel);
	pthread_cond_destroy(&link->commanded);
	pthread_cond_destroy(&link->free_place);
	pthread_mutex_destroy(&link->lock);
	pthread_mutex_destroy(&link->ask_lock);
	cancel_destroy(link->cancel);
	free(link);
}

struct cancel *link_cancel(struct link *link)
{
	return link->cancel;
}

void link_say(struct link *link, const struct message *message)
{
	/* A worker that cannot be told is gone, and the receiver sees that. */
	channel_send(&link->channel, message, NULL);
}

static void fill_answer(struct waiting *waiting, const struct message *reply)
{
	struct question *question = waiting->question;

	waiting->status = message_get_error(reply, &waiting->error);
	question->output = reply->output;
	if (reply->n_data > question->size)
		waiting->status = vm_fail(&waiting->error, VM_ERR_BUG,
		                          "an answer of %zu bytes, where %zu were asked for", reply->n_data,
		                          question->size);
	else if (reply->n_data > 0) {
		memcpy(question->into, reply->data, reply->n_data);
		question->got = reply->n_data;
	}
}

static void take_reply(struct link *link, const struct message *reply)
{
	struct waiting **at = &link->first, *waiting;

	pthread_mutex_lock(&link->lock);
	while (*at != NULL && (*at)->request != reply->request)
		at = &(*at)->next;
	waiting = *at;
	if (waiting != NULL) {
		*at = waiting->next;
		link->n_waiting--;
		fill_answer(waiting, reply);
		waiting->done = true;
		pthread_cond_signal(&waiting->answered);
		pthread_cond_signal(&link->free_place);
	}
	pthread_mutex_unlock(&link->lock);
}

static void take_command(struct link *link, const struct message *command)
{
	pthread_mutex_lock(&link->lock);
	link->command = *command;
	link->command.data = NULL;
	link->has_command = true;
	pthread_cond_signal(&link->commanded);
	pthread_mutex_unlock(&link->lock);
}

/* True when the conversation is over. */
static bool take_frame(struct link *link, const struct message *message)
{
	switch (message->type) {
	case MESSAGE_REPLY:
		take_reply(link, message);
		return false;
	case MESSAGE_CANCEL:
		cancel_trigger(link->cancel);
		return false;
	default:
		take_command(link, message);
		return message->type == MESSAGE_QUIT;
	}
}

static void *receive(void *ctx)
{
	struct link *link = ctx;
	struct pollfd wait = {.fd = link->channel.fd, .events = POLLIN};
	struct frame frame;
	bool complete, over = false;

	while (!over) {
		poll(&wait, 1, -1);
		/* Whoever works for a worker that is gone works for nobody. */
		if (channel_receive(&link->channel, &frame, &complete, NULL) != VM_OK)
			_exit(EXIT_FAILURE);
		if (complete) {
			over = take_frame(link, &frame.message);
			free(frame.payload);
		}
	}
	return NULL;
}

int link_start(struct link *link, struct vm_error *err)
{
	int error = pthread_create(&link->receiver, NULL, receive, link);

	if (error != 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "start a thread: %s", strerror(error));
	link->started = true;
	return VM_OK;
}

void link_next_command(struct link *link, struct message *out)
{
	pthread_mutex_lock(&link->lock);
	while (!link->has_command)
		pthread_cond_wait(&link->commanded, &link->lock);
	*out = link->command;
	link->has_command = false;
	pthread_mutex_unlock(&link->lock);
}

/* Takes a place among those who wait; the worker serves no more than REQUESTS_MOST at once. */
static void enlist(struct link *link, struct waiting *waiting)
{
	pthread_mutex_lock(&link->lock);
	while (link->n_waiting == REQUESTS_MOST)
		pthread_cond_wait(&link->free_place, &link->lock);
	link->n_waiting++;
	waiting->next = link->first;
	link->first = waiting;
	pthread_mutex_unlock(&link->lock);
}

int link_ask(struct link *link, struct question *question, struct vm_error *err)
{
	struct waiting waiting = {.question = question};

	pthread_cond_init(&waiting.answered, NULL);
	pthread_mutex_lock(&link->ask_lock);
	waiting.request = ++link->last_request;
	question->message.request = waiting.request;
	enlist(link, &waiting);
	link_say(link, &question->message);
	pthread_mutex_unlock(&link->ask_lock);

	pthread_mutex_lock(&link->lock);
	while (!waiting.done)
		pthread_cond_wait(&waiting.answered, &link->lock);
	pthread_mutex_unlock(&link->lock);
	pthread_cond_destroy(&waiting.answered);
	if (waiting.status != VM_OK && err != NULL)
		*err = waiting.error;
	return waiting.status;
}
