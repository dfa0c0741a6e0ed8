/* session.c - starts a codec child, asks it one thing after the other, and ends it. */
#include "worker/session_internal.h"

#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/log.h"
#include "worker/sandbox.h"

enum {
	/* After a cancel an operation returns within one second; then it is ended. */
	CANCEL_GRACE_MS = 2000,
	QUIT_GRACE_MS = 5000,
	LOG_LINES_MOST = 1000, /* of one child */
	FRAMES_AT_ONCE = 64,   /* then the clock and the token have their turn */
	VERIFY_JSON_MOST = 64 << 10
};

/* [this thread] A frame that is no request. */
static int take_statement(struct session *session, const struct message *message,
                          struct vm_error *err)
{
	const char *stage = session->want.stage->name;

	switch (message->type) {
	case MESSAGE_HELLO:
	case MESSAGE_DONE:
		if (session->awaited != message->type || message->request != session->command)
			break;
		if (!requests_are_idle(&session->requests))
			return vm_fail(err, VM_ERR_BAD_DATA, "a done before its requests were answered");
		session->result = *message;
		session->answered = true;
		return VM_OK;
	case MESSAGE_PROGRESS:
		if (session->requests.may_write)
			session->want.progress(session->want.progress_ctx, message->done, message->total);
		return VM_OK;
	case MESSAGE_LOG:
		if (++session->log_lines <= LOG_LINES_MOST)
			log_line((enum vm_log_level)message->level, "%s", message->text);
		else if (session->log_lines == LOG_LINES_MOST + 1)
			log_warning("the codec child of stage %s says too much; the rest is left out", stage);
		return VM_OK;
	default:
		break;
	}
	return vm_fail(err, VM_ERR_BAD_DATA, "a %s out of its turn", message_type_name(message->type));
}

static int take_frame(struct session *session, struct frame *frame, struct vm_error *err)
{
	int status;

	session->heard_ms = clock_monotonic_ms();
	if (frame->message.type >= MESSAGE_READ)
		return requests_serve(&session->requests, frame, err);
	status = take_statement(session, &frame->message, err);
	free(frame->payload);
	return status;
}

/* What has arrived, as far as one turn goes. */
static int take_frames(struct session *session, struct vm_error *err)
{
	struct frame frame;
	bool complete = true;
	int status = VM_OK;

	for (int i = 0; i < FRAMES_AT_ONCE && status == VM_OK && complete && !session->answered; i++) {
		status = channel_receive(&session->channel, &frame, &complete, err);
		if (status == VM_OK && complete)
			status = take_frame(session, &frame, err);
	}
	return status;
}

/*
 * The kernel bounds its addresses only, and many are never used; threads it counts
 * for all processes of a user together. What this one holds is seen here.
 */
static int check_use(struct session *session, struct vm_error *err)
{
	/* An answer is given on the same terms, however soon it comes. */
	if (session->answered)
		child_measure(&session->child);
	if (session->child.threads_most <= session->budget.threads &&
	    (session->budget.address_bytes == 0 ||
	     session->child.memory_most <= session->budget.memory_bytes))
		return VM_OK;
	session->answered = false;
	return vm_fail(err, VM_ERR_LIMIT, "stage %s: the codec child takes too much",
	               session->want.stage->name);
}

/* Deadline, silence, and a child that does not take its answers. */
static int check_patience(struct session *session, struct vm_error *err)
{
	const char *stage = session->want.stage->name;
	int64_t now = clock_monotonic_ms();
	char time[CLOCK_TEXT_MAX];

	if (requests_are_stuck(&session->requests))
		return vm_fail(err, VM_ERR_TIMEOUT, "stage %s: the codec child takes no answers", stage);
	if (now >= session->want.deadline_ms)
		return vm_fail(err, VM_ERR_TIMEOUT, "stage %s: the attempt's time is over", stage);
	if (!requests_are_idle(&session->requests))
		session->heard_ms = now; /* it waits for us */
	if (now - session->heard_ms >= (int64_t)session->want.quiet_ms)
		return vm_fail(err, VM_ERR_TIMEOUT, "stage %s: the codec child said nothing for %s", stage,
		               clock_duration_text((int64_t)session->want.quiet_ms, time));
	return VM_OK;
}

/* Counts from the first time on; the child is told as soon as it takes anything. */
static void pass_on_cancel(struct session *session)
{
	const struct message cancel = {.type = MESSAGE_CANCEL};

	if (session->kill_ms == 0)
		session->kill_ms = clock_monotonic_ms() + CANCEL_GRACE_MS;
	if (!session->cancel_told)
		session->cancel_told = channel_send_now(&session->channel, &cancel);
}

/* Until something arrives or a moment has passed. */
static void wait_for_news(struct session *session)
{
	struct pollfd wait[] = {
	    {.fd = session->channel.fd, .events = POLLIN},
	    {.fd = session->child.words, .events = POLLIN},
	    {.fd = session->kill_ms == 0 ? cancel_fd(session->want.cancel) : -1, .events = POLLIN},
	};

	if (session->words.closed)
		wait[1].fd = -1;
	poll(wait, sizeof wait / sizeof wait[0], TICK_MS);
	last_words_take(&session->words, session->child.words);
	if (clock_monotonic_ms() - session->measured_ms < TICK_MS)
		return;
	session->measured_ms = clock_monotonic_ms();
	child_measure(&session->child);
}

/* Waits for the awaited answer, serving what the child asks meanwhile. */
static enum session_result converse(struct session *session, struct verdict *verdict)
{
	struct vm_error error = {0};
	int status = VM_OK;

	session->answered = false;
	session->idle = false;
	session->heard_ms = clock_monotonic_ms();
	while (status == VM_OK && !session->answered) {
		wait_for_news(session);
		status = take_frames(session, &error);
		if (status == VM_OK)
			status = check_use(session, &error);
		if (status == VM_OK && !session->answered)
			status = check_patience(session, &error);
		if (cancel_triggered(session->want.cancel)) {
			pass_on_cancel(session);
			if (clock_monotonic_ms() >= session->kill_ms)
				break;
		}
	}
	if (status != VM_OK || !session->answered)
		session_judge_death(session, status, &error, verdict);
	requests_drain(&session->requests);
	if (cancel_triggered(session->want.cancel))
		return SESSION_CANCELLED;
	session->idle = session->answered;
	return session->answered ? SESSION_DONE : SESSION_FAILED;
}

/* Sends a command and waits until it is done; *error is what the codec answered. */
static enum session_result ask(struct session *session, struct message *command,
                               const struct session_source *source, struct buffer *json,
                               struct vm_error *error, struct verdict *verdict)
{
	enum session_result result;

	command->request = ++session->command;
	command->source_bytes = source->source->bytes;
	requests_allow(&session->requests, source->source, json, command->type == MESSAGE_RUN);
	session->awaited = MESSAGE_DONE;
	/* That it could not be sent shows when the answer is waited for. */
	channel_send(&session->channel, command, NULL);
	result = converse(session, verdict);
	requests_forbid(&session->requests);
	error->status = VM_OK;
	if (result == SESSION_DONE)
		message_get_error(&session->result, error);
	return result;
}

enum session_result session_probe(struct session *session, const struct session_source *source,
                                  struct buffer *json, struct verdict *verdict)
{
	struct message command = {.type = MESSAGE_PROBE};
	struct vm_error error;
	enum session_result result = ask(session, &command, source, json, &error, verdict);

	if (error.status == VM_OK)
		return result;
	return session_judge_answer(session, &error, source->place, FAULT_CODEC, verdict);
}

enum session_result session_run(struct session *session, const struct session_source *source,
                                struct buffer *json, struct verdict *verdict)
{
	struct message command = {.type = MESSAGE_RUN, .threads = 1};
	enum session_result result;
	struct vm_error error;
	cpu_set_t processors;

	if (sched_getaffinity(0, sizeof processors, &processors) == 0)
		command.threads = (uint64_t)CPU_COUNT(&processors);
	result = ask(session, &command, source, json, &error, verdict);
	if (error.status == VM_OK)
		return result;
	return session_judge_answer(session, &error, source->place, FAULT_CODEC, verdict);
}

enum session_result session_verify(struct session *session, const struct session_source *source,
                                   const struct manifest_output *output, uint64_t source_ms,
                                   bool *known, struct verdict *verdict)
{
	struct message command = {.type = MESSAGE_VERIFY, .source_ms = source_ms};
	size_t stage = strlen(session->want.stage->name) + 1; /* the codec knows no stage */
	enum session_result result;
	struct buffer json;
	struct vm_error error;

	snprintf(command.name, sizeof command.name, "%s", output->name + stage);
	snprintf(command.content_type, sizeof command.content_type, "%s", output->content_type);
	buffer_init(&json, VERIFY_JSON_MOST);
	result = ask(session, &command, source, &json, &error, verdict);
	if (result == SESSION_DONE && json.length > 0)
		log_debug("verified %s: %s", output->name, json.bytes);
	buffer_finish(&json);
	/* Said by the codec, not by the storage that it reads from. */
	*known = error.status != VM_ERR_UNSUPPORTED || session->requests.source_failed;
	if (error.status == VM_OK || !*known)
		return result;
	/* Nothing of the source is known to be wrong: a bug, and another run may do it right. */
	return session_judge_answer(session, &error, source->place, FAULT_HOST, verdict);
}

/* Waits until the child says that it is ready. */
static enum session_result greet(struct session *session, struct verdict *verdict)
{
	const struct pipeline *pipeline = session->want.pipeline;
	enum session_result result;

	session->awaited = MESSAGE_HELLO;
	result = converse(session, verdict);
	if (result == SESSION_FAILED && verdict->error == ERROR_DECODER_CRASH)
		verdict->error = ERROR_BUG; /* no decoder has run yet */
	if (result == SESSION_DONE && strcmp(session->result.text, pipeline->hash) != 0) {
		verdict_set(verdict, ERROR_BUG, true, "%s changed while the attempt ran", pipeline->path);
		return SESSION_FAILED;
	}
	return result;
}

static int launch(struct session *session, struct vm_error *err)
{
	const struct session_want *want = &session->want;
	const struct limit_settings *limits = &want->pipeline->policy.limits;
	const struct spawn spawn = {.program = want->program,
	                            .pipeline_path = want->pipeline->path,
	                            .stage = want->stage->name,
	                            .state_dir = want->state_dir,
	                            .plugin_path = want->plugin_path};
	int status = child_start(&spawn, &session->child, err);

	if (status != VM_OK)
		return status;
	session->started = session->running = true;
	channel_init(&session->channel, session->child.socket, FRAME_FROM_CHILD);
	session->budget = (struct child_budget){
	    .cpu_ms = limits->cpu_ms,
	    .memory_bytes = limits->memory_bytes,
	    .threads = SANDBOX_THREADS_MOST,
	    .address_bytes = sandbox_address_bytes(limits->memory_bytes)};
	return requests_init(&session->requests, &session->channel, want->uploader, want->stage->name,
	                     err);
}

enum session_result session_start(const struct session_want *want, struct session **out,
                                  struct verdict *verdict)
{
	struct session *session = calloc(1, sizeof *session);
	enum session_result result = SESSION_FAILED;
	struct vm_error error;
	int status;

	if (session == NULL)
		status = vm_fail_memory(&error);
	else {
		session->want = *want;
		status = launch(session, &error);
	}
	if (status != VM_OK)
		verdict_of_error(FAULT_HOST, &error, verdict);
	else
		result = greet(session, verdict);
	if (result == SESSION_DONE)
		*out = session;
	else
		session_destroy(session);
	return result;
}

void session_destroy(struct session *session)
{
	const struct message quit = {.type = MESSAGE_QUIT};
	struct child_end end;

	if (session == NULL)
		return;
	if (session->started) {
		bool running = session->running;

		/* What the kernel says of a child that is gone is less exact. */
		if (running)
			child_measure(&session->child);
		if (session->idle)
			channel_send(&session->channel, &quit, NULL);
		if (running)
			session_end_child(session, session->idle ? QUIT_GRACE_MS : 0, &end);
		if (running && session->idle && end.wait_status != 0) {
			last_words_take(&session->words, session->child.words);
			log_warning("the codec child did its work and ended badly: %s", session->words.last);
		}
		requests_finish(&session->requests);
		channel_finish(&session->channel);
		close(session->child.words);
	}
	free(session);
}
