/* requests.c - reads, writes and reports of a codec child. */
#include "worker/requests.h"

#include <stdlib.h>
#include <string.h>

enum { READERS = 4, WRITERS = 4 };

/* One that is served by a pool. */
struct request {
	struct requests *requests;
	struct frame frame;
	struct output *output;
	struct message reply; /* to one that needs no work */
};

int requests_init(struct requests *requests, struct channel *channel, struct uploader *uploader,
                  const char *stage, struct vm_error *err)
{
	int status;

	*requests = (struct requests){.channel = channel, .uploader = uploader, .stage = stage};
	pthread_mutex_init(&requests->lock, NULL);
	/* With room for all that can be in progress, so that the receiving thread never waits. */
	status = pool_create(READERS, REQUESTS_MOST, &requests->readers, err);
	if (status == VM_OK)
		status = pool_create(WRITERS, REQUESTS_MOST, &requests->writers, err);
	return status;
}

void requests_finish(struct requests *requests)
{
	pool_destroy(requests->readers);
	pool_destroy(requests->writers);
	pthread_mutex_destroy(&requests->lock);
}

void requests_allow(struct requests *requests, struct vm_source *source, struct buffer *json,
                    bool may_write)
{
	requests->source = source;
	requests->json = json;
	requests->may_write = may_write;
	requests->short_of_memory = false;
	requests->source_failed = false;
}

void requests_forbid(struct requests *requests)
{
	requests->source = NULL;
	requests->json = NULL;
	requests->may_write = false;
}

bool requests_are_idle(struct requests *requests)
{
	bool idle;

	pthread_mutex_lock(&requests->lock);
	idle = requests->in_progress == 0;
	pthread_mutex_unlock(&requests->lock);
	return idle;
}

bool requests_are_stuck(struct requests *requests)
{
	bool stuck;

	pthread_mutex_lock(&requests->lock);
	stuck = requests->stuck;
	pthread_mutex_unlock(&requests->lock);
	return stuck;
}

uint64_t requests_bytes_most(void)
{
	const uint64_t frame = FRAME_FIELDS_MAX + FRAME_DATA_MAX + 1;

	/* Beside what a request brings, one that reads has what it was answered. */
	return (REQUESTS_MOST + 1) * (sizeof(struct request) + frame) +
	       READERS * (uint64_t)(FRAME_DATA_MAX + 1);
}

void requests_drain(struct requests *requests)
{
	pool_drain(requests->readers);
	pool_drain(requests->writers);
	memset(requests->outputs, 0, sizeof requests->outputs);
}

/*
 * The request is over before the answer goes out: with the answer in hand the
 * child may ask the next thing faster than this thread would say so.
 */
static void answer(struct requests *requests, const struct message *question, struct message *reply)
{
	int status;

	pthread_mutex_lock(&requests->lock);
	requests->in_progress--;
	if (question->type == MESSAGE_WRITE)
		requests->outputs[question->output].busy = false;
	if (reply->status == VM_ERR_NO_MEMORY)
		requests->short_of_memory = true;
	pthread_mutex_unlock(&requests->lock);

	reply->type = MESSAGE_REPLY;
	reply->request = question->request;
	status = channel_send(requests->channel, reply, NULL);
	if (status == VM_OK)
		return;
	pthread_mutex_lock(&requests->lock);
	/* A child that is gone is seen by who receives from it. */
	requests->stuck = requests->stuck || status == VM_ERR_TIMEOUT;
	pthread_mutex_unlock(&requests->lock);
}

static void note_source_error(struct requests *requests, const struct vm_error *error)
{
	pthread_mutex_lock(&requests->lock);
	if (!requests->source_failed) {
		requests->source_failed = true;
		requests->source_error = *error;
	}
	pthread_mutex_unlock(&requests->lock);
}

static void request_finish(struct request *request)
{
	free(request->frame.payload);
	free(request);
}

/* [reader thread] */
static void serve_read(void *ctx)
{
	struct request *request = ctx;
	struct requests *requests = request->requests;
	struct vm_source *source = requests->source;
	const struct message *question = &request->frame.message;
	struct message reply = {0};
	struct vm_error error;
	unsigned char *bytes = malloc(question->length + 1);
	size_t got = 0;
	int status;

	if (bytes == NULL)
		status = vm_fail_memory(&error);
	else
		status = source->read_at(source, question->offset, bytes, question->length, &got, NULL,
		                         &error);
	if (status != VM_OK)
		note_source_error(requests, &error);
	else {
		reply.data = bytes;
		reply.n_data = got;
	}
	message_put_error(&reply, status, &error);
	answer(requests, question, &reply);
	free(bytes);
	request_finish(request);
}

/* [writer thread] */
static void serve_write(void *ctx)
{
	struct request *request = ctx;
	const struct message *question = &request->frame.message;
	struct message reply = {0};
	struct vm_error error;
	int status;

	status = output_write(request->output, question->data, question->n_data, &error);
	message_put_error(&reply, status, &error);
	answer(request->requests, question, &reply);
	request_finish(request);
}

/* [writer thread] */
static void serve_close(void *ctx)
{
	struct request *request = ctx;
	struct message reply = {0};

	output_close(request->output);
	answer(request->requests, &request->frame.message, &reply);
	request_finish(request);
}

static int submit(struct requests *requests, struct pool *pool, pool_work_fn *work,
                  struct frame *frame, struct output *output, const struct message *reply,
                  struct vm_error *err)
{
	struct request *request = malloc(sizeof *request);

	if (request == NULL)
		return vm_fail_memory(err);
	*request = (struct request){
	    .requests = requests, .frame = *frame, .output = output, .reply = *reply};
	frame->payload = NULL;
	pool_submit(pool, work, request);
	return VM_OK;
}

/* The output that a request is about. A second request on it before the first is answered, and
 * any on one that is not open, breaks the protocol. */
static int take_output(struct requests *requests, const struct message *message,
                       struct output **out, struct vm_error *err)
{
	struct open_output *open = NULL;
	int status = VM_OK;

	pthread_mutex_lock(&requests->lock);
	if (message->output < UPLOADER_OPEN_MOST)
		open = &requests->outputs[message->output];
	if (open == NULL || open->output == NULL)
		status = vm_fail(err, VM_ERR_BAD_DATA, "a %s of output %llu, which is not open",
		                 message_type_name(message->type), (unsigned long long)message->output);
	else if (open->busy)
		status = vm_fail(err, VM_ERR_BAD_DATA, "a %s of output %llu before the last was answered",
		                 message_type_name(message->type), (unsigned long long)message->output);
	else {
		*out = open->output;
		open->busy = message->type == MESSAGE_WRITE;
		if (message->type == MESSAGE_CLOSE)
			open->output = NULL;
	}
	pthread_mutex_unlock(&requests->lock);
	return status;
}

/* [writer thread] Sends an answer that was found at once. */
static void send_reply(void *ctx)
{
	struct request *request = ctx;

	answer(request->requests, &request->frame.message, &request->reply);
	request_finish(request);
}

static int serve_open(struct requests *requests, const struct message *message,
                      struct message *reply, struct vm_error *err)
{
	struct output *output;
	struct vm_error error;
	int status;

	if (!requests->may_write)
		return vm_fail(err, VM_ERR_BAD_DATA, "an open outside run");
	status = uploader_open(requests->uploader, requests->stage, message->name,
	                       message->content_type, message->head_bytes, &output, &error);
	if (status == VM_ERR_BAD_DATA) {
		*err = error;
		return status;
	}
	if (status == VM_OK) {
		pthread_mutex_lock(&requests->lock);
		/* The uploader admits no more outputs than there are numbers. */
		while (requests->outputs[reply->output].output != NULL)
			reply->output++;
		requests->outputs[reply->output].output = output;
		pthread_mutex_unlock(&requests->lock);
	}
	message_put_error(reply, status, &error);
	return VM_OK;
}

static int serve_rewrite(struct requests *requests, const struct message *message,
                         struct vm_error *err)
{
	struct output *output;
	int status = take_output(requests, message, &output, err);

	if (status != VM_OK)
		return status;
	return output_rewrite(output, message->offset, message->data, message->n_data, err);
}

static void serve_report(struct requests *requests, const struct message *message,
                         struct message *reply)
{
	struct vm_error error;
	int status = buffer_append(requests->json, message->data, message->n_data, &error);

	message_put_error(reply, status, &error);
}

/* Numbers one after the other, and no more at once than an honest child has. */
static int admit(struct requests *requests, const struct message *message, struct vm_error *err)
{
	int status = VM_OK;

	if (requests->source == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "a %s where nothing was asked of it",
		               message_type_name(message->type));
	if (message->request != requests->last + 1)
		return vm_fail(err, VM_ERR_BAD_DATA, "a %s with the number %u after %u",
		               message_type_name(message->type), message->request, requests->last);
	requests->last++;
	pthread_mutex_lock(&requests->lock);
	if (requests->in_progress == REQUESTS_MOST)
		status = vm_fail(err, VM_ERR_BAD_DATA, "more than %d requests at once", REQUESTS_MOST);
	else
		requests->in_progress++;
	pthread_mutex_unlock(&requests->lock);
	return status;
}

int requests_serve(struct requests *requests, struct frame *frame, struct vm_error *err)
{
	const struct message *message = &frame->message;
	struct pool *pool = requests->writers;
	pool_work_fn *work = send_reply;
	struct message reply = {0};
	struct output *output = NULL;
	int status = admit(requests, message, err);

	if (status == VM_OK) {
		switch (message->type) {
		case MESSAGE_READ:
			pool = requests->readers;
			work = serve_read;
			break;
		case MESSAGE_WRITE:
			work = serve_write;
			status = take_output(requests, message, &output, err);
			break;
		case MESSAGE_CLOSE:
			work = serve_close;
			status = take_output(requests, message, &output, err);
			break;
		case MESSAGE_OPEN:
			status = serve_open(requests, message, &reply, err);
			break;
		case MESSAGE_REWRITE:
			status = serve_rewrite(requests, message, err);
			break;
		default:
			serve_report(requests, message, &reply);
		}
	}
	/* Nothing is sent from here: a child that takes no answers must not hold up its end. */
	if (status == VM_OK)
		status = submit(requests, pool, work, frame, output, &reply, err);
	free(frame->payload);
	return status;
}
