/* launch.c - starting the task of a dispatched video. */
#include "server/launch.h"

#include <stdlib.h>

#include "plugin/compute.h"
#include "plugin/queue.h"
#include "server/videos.h"
#include "support/crash_point.h"
#include "support/log.h"
#include "video/keys.h"

static char *write_job(const struct server *server, const struct video *video, const char *receipt)
{
	struct job job = {.generation = video->generation,
	                  .epoch = video->epoch,
	                  .bytes = video->source.bytes,
	                  .lease_ms = server->pipeline->policy.lease_ms};

	snprintf(job.video, sizeof job.video, "%s", video->id);
	snprintf(job.ticket, sizeof job.ticket, "%s", video->attempt.ticket);
	snprintf(job.etag, sizeof job.etag, "%s", video->source.etag);
	snprintf(job.pipeline_hash, sizeof job.pipeline_hash, "%s", server->pipeline->hash);
	snprintf(job.receipt, sizeof job.receipt, "%s", receipt);
	key_of_source(video, job.key);
	return job_write(&job);
}

static int start(struct server *server, const struct video *video, const char *receipt,
                 char task[VM_TASK_MAX], const struct vm_call *call, struct vm_error *err)
{
	char token[65];
	char *job = write_job(server, video, receipt);
	struct vm_task want = {.token = token, .job = job, .command = server->worker_command};
	int status;

	if (job == NULL)
		return vm_fail_memory(err);
	video_token(video, token);
	status = compute_start(server->places.compute, &want, task, call, err);
	free(job);
	return status;
}

/* What compute's answer means for the video; false: nothing is known, the watcher tries again. */
static bool answer(int status, const char *task, const struct vm_error *err, struct input *input)
{
	switch (status) {
	case VM_OK:
		input->type = INPUT_TASK_STARTED;
		input->task = task;
		return true;
	case VM_ERR_THROTTLED:
		input->type = INPUT_TASK_REFUSED;
		return true;
	case VM_ERR_UNAVAILABLE:
	case VM_ERR_TIMEOUT:
	case VM_ERR_CANCELLED:
	case VM_ERR_NO_MEMORY:
		return false;
	default:
		input->type = INPUT_TASK_FAILED;
		input->error = ERROR_CAPACITY;
		input->reason = err->message;
		return true;
	}
}

/* The message of a task that was not started. */
static void put_off(struct server *server, const char *receipt, const struct effects *effects,
                    const struct vm_call *call)
{
	struct instance *queue = server->places.queue_unprocessed;
	struct vm_error err;
	int status = VM_OK;

	if (effects->message == MESSAGE_EXTEND)
		status = queue_extend(queue, receipt, effects->message_ms, call, &err);
	else if (effects->message == MESSAGE_REMOVE)
		status = queue_remove(queue, receipt, call, &err);
	/* It comes back when its dispatch would have been over, as one too many. */
	if (status != VM_OK)
		log_debug("putting off the task message: %s", err.message);
}

bool launch_task(struct server *server, const struct video *video, const char *receipt,
                 const struct vm_call *call)
{
	struct log_scope scope = {.video = video->id, .epoch = video->epoch};
	struct input input = {.epoch = video->epoch};
	struct effects effects;
	struct vm_error err;
	char task[VM_TASK_MAX];
	bool is_known;
	int status;

	log_enter(&scope);
	status = start(server, video, receipt, task, call, &err);
	if (status == VM_OK) {
		CRASH_POINT(SERVER_TASK_STARTED);
		server->counters.tasks_started++;
		log_info("started task %s", task);
	} else {
		log_warning("starting a task: %s", err.message);
	}
	is_known = answer(status, task, &err, &input);
	if (is_known) {
		status = videos_step(server, video->id, &input, NULL, &effects, call, &err);
		if (status != VM_OK)
			log_warning("noting what compute answered: %s", err.message);
		else if (receipt[0] != '\0')
			put_off(server, receipt, &effects, call);
	}
	log_leave(&scope);
	return is_known;
}
