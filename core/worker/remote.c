/* remote.c - every read and write of a codec plugin, as a request to the worker. */
#include "worker/remote.h"

#include <stdlib.h>
#include <string.h>

struct remote_output {
	struct vm_output vm; /* first; its sink is the first in it */
	struct remote_outputs *outputs;
	struct link *link;
	uint64_t number;
	struct remote_output *next, **at; /* among the open ones */
};

static void enlist(struct remote_outputs *outputs, struct remote_output *output)
{
	pthread_mutex_lock(&outputs->lock);
	output->next = outputs->first;
	output->at = &outputs->first;
	if (output->next != NULL)
		output->next->at = &output->next;
	outputs->first = output;
	pthread_mutex_unlock(&outputs->lock);
}

static void drop(struct remote_output *output)
{
	struct remote_outputs *outputs = output->outputs;

	pthread_mutex_lock(&outputs->lock);
	*output->at = output->next;
	if (output->next != NULL)
		output->next->at = output->at;
	pthread_mutex_unlock(&outputs->lock);
	free(output);
}

static int read_at(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                   size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct link *link = ((struct remote_source *)source)->link;
	size_t done = 0, asked;
	int status;

	/* A cancelled worker answers at once. */
	(void)call;
	do {
		asked = length - done < FRAME_DATA_MAX ? length - done : FRAME_DATA_MAX;
		struct question question = {
		    .message = {.type = MESSAGE_READ, .offset = offset + done, .length = asked},
		    .into = (char *)buffer + done,
		    .size = asked};
		if ((status = link_ask(link, &question, err)) != VM_OK)
			return status;
		done += question.got;
		if (question.got < asked)
			break;
	} while (done < length);
	*got = done;
	return VM_OK;
}

void remote_source_init(struct remote_source *source, struct link *link, uint64_t bytes)
{
	*source = (struct remote_source){.vm = {.bytes = bytes, .read_at = read_at}, .link = link};
}

/* Sends bytes in pieces that fit into a frame, as messages like this one. */
static int send_data(struct link *link, const struct message *like, const void *bytes,
                     size_t length, struct vm_error *err)
{
	size_t done = 0, here;
	int status = VM_OK;

	for (; status == VM_OK && done < length; done += here) {
		struct question question = {.message = *like};

		here = length - done < FRAME_DATA_MAX ? length - done : FRAME_DATA_MAX;
		question.message.offset += done;
		question.message.data = (const char *)bytes + done;
		question.message.n_data = here;
		status = link_ask(link, &question, err);
	}
	return status;
}

static int report_write(struct vm_sink *sink, const void *bytes, size_t length,
                        struct vm_error *err)
{
	const struct message report = {.type = MESSAGE_REPORT};

	return send_data(((struct remote_report *)sink)->link, &report, bytes, length, err);
}

void remote_report_init(struct remote_report *report, struct link *link)
{
	*report = (struct remote_report){.vm = {.write = report_write}, .link = link};
}

static int output_append(struct vm_sink *sink, const void *bytes, size_t length,
                         struct vm_error *err)
{
	struct remote_output *output = (struct remote_output *)sink;
	const struct message write = {.type = MESSAGE_WRITE, .output = output->number};

	return send_data(output->link, &write, bytes, length, err);
}

static int rewrite_head(struct vm_output *vm, uint64_t offset, const void *bytes, size_t length,
                        struct vm_error *err)
{
	struct remote_output *output = (struct remote_output *)vm;
	const struct message rewrite = {
	    .type = MESSAGE_REWRITE, .output = output->number, .offset = offset};

	return send_data(output->link, &rewrite, bytes, length, err);
}

static int close_output(struct vm_output *vm, struct vm_error *err)
{
	struct remote_output *output = (struct remote_output *)vm;
	struct question question = {.message = {.type = MESSAGE_CLOSE, .output = output->number}};
	int status = link_ask(output->link, &question, err);

	drop(output);
	return status;
}

static int open_output(struct vm_outputs *vm, const struct vm_output_want *want,
                       struct vm_output **out, struct vm_error *err)
{
	struct remote_outputs *outputs = (struct remote_outputs *)vm;
	const char *type = want->content_type != NULL ? want->content_type : "";
	struct question question = {.message = {.type = MESSAGE_OPEN, .head_bytes = want->head_bytes}};
	struct message *message = &question.message;
	struct remote_output *output;
	int status;

	if (strlen(want->name) >= sizeof message->name || strlen(type) >= sizeof message->content_type)
		return vm_fail(err, VM_ERR_BUG, "an output with too long a name or content type");
	message_copy_text(message->name, sizeof message->name, want->name);
	message_copy_text(message->content_type, sizeof message->content_type, type);
	output = calloc(1, sizeof *output);
	if (output == NULL)
		return vm_fail_memory(err);
	if ((status = link_ask(outputs->link, &question, err)) != VM_OK) {
		free(output);
		return status;
	}
	*output = (struct remote_output){
	    .vm = {.sink.write = output_append, .rewrite = rewrite_head, .close = close_output},
	    .outputs = outputs,
	    .link = outputs->link,
	    .number = question.output};
	enlist(outputs, output);
	*out = &output->vm;
	return VM_OK;
}

void remote_outputs_init(struct remote_outputs *outputs, struct link *link)
{
	*outputs = (struct remote_outputs){.vm = {.open = open_output}, .link = link};
	pthread_mutex_init(&outputs->lock, NULL);
}

void remote_outputs_finish(struct remote_outputs *outputs)
{
	while (outputs->first != NULL)
		drop(outputs->first);
	pthread_mutex_destroy(&outputs->lock);
}
