/* child.c - the codec child: one plugin, loaded, locked in, and run on command. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/call.h"
#include "support/clock.h"
#include "support/log.h"
#include "worker/link.h"
#include "worker/remote.h"
#include "worker/sandbox.h"
#include "worker/work.h"

enum { PROGRESS_MS = 250 };

struct codec_child {
	struct vm_host host; /* first: the plugin hands back a pointer to it */
	const struct pipeline *pipeline;
	const struct stage *stage;
	void *self; /* the plugin's instance */
	struct link *link;

	pthread_mutex_t progress_lock;
	int64_t told_ms;
};

/* A plugin's log goes to the worker, which knows the video and has a place to write. */
VM_PRINTF(3, 4)
static void tell_log(const struct vm_host *host, enum vm_log_level level, const char *format, ...)
{
	const struct codec_child *child = (const struct codec_child *)host;
	struct message message = {.type = MESSAGE_LOG, .level = VM_LOG_ERROR};
	char text[sizeof message.text];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	message_copy_text(message.text, sizeof message.text, text);
	if (level >= VM_LOG_DEBUG && level <= VM_LOG_ERROR)
		message.level = (uint64_t)level;
	link_say(child->link, &message);
}

static void tell_progress(void *ctx, uint64_t done, uint64_t total)
{
	const struct message message = {.type = MESSAGE_PROGRESS, .done = done, .total = total};
	struct codec_child *child = ctx;
	int64_t now = clock_monotonic_ms();
	bool due;

	pthread_mutex_lock(&child->progress_lock);
	due = now - child->told_ms >= PROGRESS_MS;
	if (due)
		child->told_ms = now;
	pthread_mutex_unlock(&child->progress_lock);
	if (due)
		link_say(child->link, &message);
}

static int probe(struct codec_child *child, const struct message *command,
                 const struct vm_call *call, struct vm_error *err)
{
	struct remote_source source;
	struct remote_report json;

	remote_source_init(&source, child->link, command->source_bytes);
	remote_report_init(&json, child->link);
	return child->stage->role.plugin->ops.codec.probe(
	    child->self, &source.vm, &child->pipeline->policy.codec_limits, &json.vm, call, err);
}

static int run(struct codec_child *child, const struct message *command, const struct vm_call *call,
               struct vm_error *err)
{
	struct remote_source source;
	struct remote_outputs outputs;
	struct remote_report report;
	struct vm_codec_job job = {.size = sizeof job,
	                           .threads = (uint32_t)command->threads,
	                           .source = &source.vm,
	                           .outputs = &outputs.vm,
	                           .limits = &child->pipeline->policy.codec_limits,
	                           .report = &report.vm};
	int status;

	remote_source_init(&source, child->link, command->source_bytes);
	remote_outputs_init(&outputs, child->link);
	remote_report_init(&report, child->link);
	status = child->stage->role.plugin->ops.codec.run(child->self, &job, call, err);
	remote_outputs_finish(&outputs);
	return status;
}

static int verify(struct codec_child *child, const struct message *command,
                  const struct vm_call *call, struct vm_error *err)
{
	struct remote_source output;
	struct remote_report json;

	remote_source_init(&output, child->link, command->source_bytes);
	remote_report_init(&json, child->link);
	return child->stage->role.plugin->ops.codec.verify(child->self, command->name,
	                                                   command->content_type, &output.vm,
	                                                   command->source_ms, &json.vm, call, err);
}

static int obey(struct codec_child *child, const struct message *command, struct vm_error *err)
{
	struct call call;

	call_init(&call, link_cancel(child->link), 0);
	call.progress = tell_progress;
	call.progress_ctx = child;
	switch (command->type) {
	case MESSAGE_PROBE:
		return probe(child, command, &call.vm, err);
	case MESSAGE_RUN:
		return run(child, command, &call.vm, err);
	case MESSAGE_VERIFY:
		return verify(child, command, &call.vm, err);
	default:
		return vm_fail(err, VM_ERR_BUG, "a command that this codec child does not know");
	}
}

static void serve(struct codec_child *child)
{
	struct message hello = {.type = MESSAGE_HELLO}, command;

	message_copy_text(hello.text, sizeof hello.text, child->pipeline->hash);
	link_say(child->link, &hello);
	for (link_next_command(child->link, &command); command.type != MESSAGE_QUIT;
	     link_next_command(child->link, &command)) {
		struct message done = {.type = MESSAGE_DONE, .request = command.request};
		struct vm_error error = {0};

		message_put_error(&done, obey(child, &command, &error), &error);
		link_say(child->link, &done);
	}
}

static int lock_in(struct codec_child *child, struct vm_error *err)
{
	const struct limit_settings *limits = &child->pipeline->policy.limits;
	const struct sandbox sandbox = {.memory_bytes = limits->memory_bytes, .cpu_ms = limits->cpu_ms};
	struct sandbox_walls walls;
	int status = sandbox_enter(&sandbox, &walls, err);

	if (status == VM_OK)
		tell_log(&child->host, VM_LOG_INFO,
		         "the codec child is locked in: seccomp, Landlock %d%s, %s", walls.landlock,
		         walls.landlock > 0 ? "" : " (the kernel has none)",
		         walls.namespaces ? "an empty network" : "no network namespace of its own");
	return status;
}

/* Everything that needs files and names; after it there are none. */
static int prepare(struct codec_child *child, const char *state_dir, struct vm_error *err)
{
	const struct role *role = &child->stage->role;
	int status = plugins_load(role->plugin, err);

	child->host = (struct vm_host){.size = sizeof child->host,
	                               .log = tell_log,
	                               .state_dir = state_dir,
	                               .role = role->name,
	                               .pipeline = child->pipeline->name};
	if (status == VM_OK)
		status = role->plugin->entry.create(&child->host, role->config, &child->self, err);
	if (status == VM_OK)
		status = lock_in(child, err);
	/* Threads come last, so that each is born locked in. */
	if (status == VM_OK)
		status = link_start(child->link, err);
	return status;
}

void codec_child_run(const struct pipeline *pipeline, const char *stage, const char *state_dir,
                     int descriptor)
{
	struct codec_child child = {.pipeline = pipeline,
	                            .stage = pipeline_find_stage(pipeline, stage)};
	struct vm_error error;
	int status;

	if (child.stage == NULL)
		status = vm_fail(&error, VM_ERR_CONFIG, "%s: no stage %s", pipeline->path, stage);
	else if ((status = sandbox_follow_parent(&error)) == VM_OK)
		status = link_create(descriptor, &child.link, &error);
	if (status == VM_OK) {
		pthread_mutex_init(&child.progress_lock, NULL);
		status = prepare(&child, state_dir, &error);
		if (status == VM_OK)
			serve(&child);
		child.stage->role.plugin->entry.destroy(child.self);
		link_destroy(child.link);
		pthread_mutex_destroy(&child.progress_lock);
	}
	if (status != VM_OK)
		log_error("%s", error.message);
	/* Whatever libraries do at the end of a process, they do not expect to be locked in. */
	_exit(status == VM_OK ? EXIT_SUCCESS : EXIT_FAILURE);
}
