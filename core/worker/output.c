/* output.c - one output: appended to, cut into parts, closed. */
#include "worker/output.h"

#include <stdlib.h>
#include <string.h>

#include "support/call.h"
#include "support/crash_point.h"
#include "support/log.h"

enum { ABORT_MS = 10000 };

struct part_job {
	struct output *output;
	struct part_buffer buffer;
	uint32_t number;
};

/* [sender thread] */
static void send_part(void *ctx)
{
	struct part_job *job = ctx;
	struct output *output = job->output;
	struct uploader *uploader = output->uploader;
	struct vm_part part = {0};
	struct vm_error error;
	struct call call;
	int status = VM_OK;

	call_init(&call, uploader->cancel, 0);
	if (!uploader_has_failed(uploader))
		status = storage_upload_part(uploader->storage, output->key, output->upload, job->number,
		                             job->buffer.bytes, job->buffer.length, &part, &call.vm,
		                             &error);
	if (status != VM_OK)
		uploader_fail(uploader, status, &error);
	else if (job->number > 1)
		CRASH_POINT(WORKER_PART_STORED);
	else
		CRASH_POINT(WORKER_HEAD_STORED);
	pthread_mutex_lock(&uploader->lock);
	output->parts[job->number - 1] = part;
	pthread_mutex_unlock(&uploader->lock);
	if (status == VM_OK)
		kept_take(output->kept, job->number, &job->buffer);
	part_buffer_finish(&job->buffer, &uploader->budget);
	free(job);
	output_release(output);
}

static int begin_upload(struct output *output, struct vm_error *err)
{
	struct vm_put put = {
	    .key = output->key, .content_type = output->manifest.content_type, .if_absent = true};
	struct call call;
	int status;

	if (output->upload[0] != '\0')
		return VM_OK;
	call_init(&call, output->uploader->cancel, 0);
	status = storage_upload_begin(output->uploader->storage, &put, output->upload, &call.vm, err);
	if (status == VM_OK)
		CRASH_POINT(WORKER_UPLOAD_BEGUN);
	return status;
}

int output_send_part(struct output *output, struct part_buffer *buffer, uint32_t number,
                     struct vm_error *err)
{
	struct uploader *uploader = output->uploader;
	struct part_job *job;
	int status = begin_upload(output, err);

	if (status != VM_OK)
		return status;
	job = malloc(sizeof *job);
	if (job == NULL)
		return vm_fail_memory(err);
	*job = (struct part_job){.output = output, .buffer = *buffer, .number = number};
	*buffer = (struct part_buffer){0};
	part_buffer_leave(&job->buffer, &uploader->budget);
	pthread_mutex_lock(&uploader->lock);
	output->pending++;
	pthread_mutex_unlock(&uploader->lock);
	pool_submit(uploader->senders, send_part, job);
	return VM_OK;
}

/* Gives the growing part its number, and sends it unless it is a head that may still change. */
static int end_part(struct output *output, struct vm_error *err)
{
	struct uploader *uploader = output->uploader;
	uint32_t number = output->n_parts + 1;
	struct vm_part *parts;

	if (number > uploader->traits.parts_max)
		return vm_fail(err, VM_ERR_LIMIT, "output %s: longer than %u parts", output->manifest.name,
		               uploader->traits.parts_max);
	pthread_mutex_lock(&uploader->lock);
	parts = realloc(output->parts, number * sizeof *parts);
	if (parts != NULL) {
		output->parts = parts;
		output->n_parts = number;
	}
	pthread_mutex_unlock(&uploader->lock);
	if (parts == NULL)
		return vm_fail_memory(err);
	if (number == 1 && output->head_bytes > 0) {
		output->head = output->part;
		output->part = (struct part_buffer){0};
		return VM_OK;
	}
	return output_send_part(output, &output->part, number, err);
}

static int append(struct output *output, const unsigned char *bytes, size_t length,
                  struct vm_error *err)
{
	struct uploader *uploader = output->uploader;
	int status = VM_OK;

	while (status == VM_OK && length > 0) {
		uint64_t full = uploader_part_bytes(&uploader->traits, output->n_parts + 1);
		size_t here = (size_t)(full - output->part.length);

		here = here < length ? here : length;
		status = part_buffer_append(&output->part, &uploader->budget, bytes, here, err);
		if (status == VM_OK && output->hash != NULL)
			status = hash_add(output->hash, bytes, here, err);
		if (status == VM_OK && output->part.length == full)
			status = end_part(output, err);
		bytes += here;
		length -= here;
	}
	return status;
}

/* Counts the bytes of all outputs; an error that any of them had is everyone's. */
static int count_bytes(struct uploader *uploader, size_t length, struct vm_error *err)
{
	int status = VM_OK;

	pthread_mutex_lock(&uploader->lock);
	uploader->bytes += length;
	if (uploader->failed) {
		*err = uploader->error;
		status = err->status;
	} else if (uploader->bytes > uploader->output_bytes_most)
		status = vm_fail(err, VM_ERR_LIMIT,
		                 "policy.limits.output_bytes: more than the %llu that are allowed",
		                 (unsigned long long)uploader->output_bytes_most);
	pthread_mutex_unlock(&uploader->lock);
	return status;
}

int output_write(struct output *output, const void *bytes, size_t length, struct vm_error *err)
{
	struct vm_error error;
	int status = count_bytes(output->uploader, length, &error);

	if (status == VM_OK)
		status = append(output, bytes, length, &error);
	if (status == VM_OK) {
		output->manifest.bytes += length;
		return VM_OK;
	}
	/* The output has a hole now, whatever the codec makes of the error. */
	uploader_fail(output->uploader, status, &error);
	if (err != NULL)
		*err = error;
	return status;
}

int output_rewrite(struct output *output, uint64_t offset, const void *bytes, size_t length,
                   struct vm_error *err)
{
	struct part_buffer *first = output->head.length > 0 ? &output->head : &output->part;
	uint64_t most = output->head_bytes < output->manifest.bytes ? output->head_bytes
	                                                            : output->manifest.bytes;

	if (offset > most || length > most - offset)
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "output %s: rewriting %zu bytes at %llu, where %llu may be rewritten",
		               output->manifest.name, length, (unsigned long long)offset,
		               (unsigned long long)most);
	if (length > 0)
		memcpy(first->bytes + offset, bytes, length);
	return VM_OK;
}

/* Sends what is still here of an output that has become more than one part. */
static int send_rest(struct output *output, struct vm_error *err)
{
	bool head_held = output->head.length > 0;
	int status = VM_OK;

	if (output->n_parts == 0 || (output->n_parts == 1 && head_held && output->part.length == 0))
		return VM_OK; /* all of it is one buffer: output_store puts it */
	if (output->part.length > 0)
		status = end_part(output, err);
	if (status == VM_OK && head_held)
		status = output_send_part(output, &output->head, 1, err);
	return status;
}

/* [sender thread] */
static void release(void *ctx)
{
	output_release(ctx);
}

void output_close(struct output *output)
{
	struct uploader *uploader = output->uploader;
	struct vm_error error;
	int status = VM_OK;

	if (!uploader_has_failed(uploader))
		status = send_rest(output, &error);
	if (status != VM_OK)
		uploader_fail(uploader, status, &error);
	pthread_mutex_lock(&uploader->lock);
	output->state = OUTPUT_CLOSED;
	pthread_mutex_unlock(&uploader->lock);
	/* What is still here waits for a sender, so it is on its way. */
	part_buffer_leave(&output->part, &uploader->budget);
	part_buffer_leave(&output->head, &uploader->budget);
	pool_submit(uploader->senders, release, output);
}

static void abort_upload(struct output *output)
{
	struct vm_error error;
	struct call call;

	if (output->upload[0] == '\0')
		return;
	call_init(&call, NULL, ABORT_MS);
	if (storage_upload_abort(output->uploader->storage, output->key, output->upload, &call.vm,
	                         &error) != VM_OK)
		log_warning("the upload of %s stays behind: %s", output->key, error.message);
}

/* Notes what was stored; its copy goes with it. */
static int remember(struct uploader *uploader, struct output *output,
                    const struct vm_object *object, struct vm_error *err)
{
	struct stored_output *stored;

	pthread_mutex_lock(&uploader->lock);
	stored = realloc(uploader->stored, (uploader->n_stored + 1) * sizeof *stored);
	if (stored != NULL) {
		uploader->stored = stored;
		stored += uploader->n_stored++;
		stored->manifest = output->manifest;
		memcpy(stored->etag, object->etag, sizeof stored->etag);
		stored->kept = output->kept;
		output->kept = NULL;
	}
	pthread_mutex_unlock(&uploader->lock);
	return stored != NULL ? VM_OK : vm_fail_memory(err);
}

static void destroy(struct output *output)
{
	struct uploader *uploader = output->uploader;

	part_buffer_finish(&output->part, &uploader->budget);
	part_buffer_finish(&output->head, &uploader->budget);
	kept_destroy(output->kept);
	pthread_mutex_lock(&uploader->lock);
	*output->link = output->next;
	if (output->next != NULL)
		output->next->link = output->link;
	uploader->n_open--;
	pthread_cond_broadcast(&uploader->ended);
	pthread_mutex_unlock(&uploader->lock);
	hash_destroy(output->hash);
	free(output->parts);
	free(output);
}

void output_release(struct output *output)
{
	struct uploader *uploader = output->uploader;
	struct vm_object object;
	struct vm_error error;
	bool last, store;
	int status;

	pthread_mutex_lock(&uploader->lock);
	last = --output->pending == 0;
	store = output->state == OUTPUT_CLOSED && !uploader->failed;
	pthread_mutex_unlock(&uploader->lock);
	if (!last)
		return;
	if (!store)
		abort_upload(output);
	else if ((status = output_store(output, &object, &error)) != VM_OK) {
		uploader_fail(uploader, status, &error);
		abort_upload(output);
	} else if ((status = remember(uploader, output, &object, &error)) != VM_OK)
		uploader_fail(uploader, status, &error);
	destroy(output);
}
