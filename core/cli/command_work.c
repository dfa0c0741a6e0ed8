/* command_work.c - `vidmill work`: one attempt, as a compute plugin starts it. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/state_dir.h"
#include "support/log.h"
#include "worker/budget.h"
#include "worker/sandbox.h"
#include "worker/work.h"

enum { VERBOSE };

static const struct command_option options[] = {
    [VERBOSE] = {"verbose", NULL,
                 "Also logs how much memory each part of a worker may take at the most."},
    {0},
};

/* Turns SIGTERM and SIGINT into a trigger, on a thread and not in a handler. */
struct signals {
	int descriptor;
	struct cancel *stop; /* triggered by a signal */
	struct cancel *over; /* ends the thread */
	pthread_t thread;
	bool started;
};

static void *watch(void *ctx)
{
	struct signals *signals = ctx;
	struct pollfd wait[] = {{.fd = signals->descriptor, .events = POLLIN},
	                        {.fd = cancel_fd(signals->over), .events = POLLIN}};

	while (poll(wait, 2, -1) < 0 && errno == EINTR)
		;
	if (wait[0].revents != 0)
		cancel_trigger(signals->stop);
	return NULL;
}

/* [before any other thread, so that all of them leave the signals to this one] */
static int signals_start(struct signals *signals, struct vm_error *err)
{
	sigset_t set;
	int status;

	*signals = (struct signals){.descriptor = -1};
	if ((status = cancel_create(NULL, &signals->stop, err)) != VM_OK ||
	    (status = cancel_create(NULL, &signals->over, err)) != VM_OK)
		return status;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals->descriptor = signalfd(-1, &set, SFD_CLOEXEC);
	signals->started = signals->descriptor >= 0 &&
	                   pthread_create(&signals->thread, NULL, watch, signals) == 0;
	if (!signals->started)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "signals cannot be waited for");
	return VM_OK;
}

static void signals_finish(struct signals *signals)
{
	if (signals->started) {
		cancel_trigger(signals->over);
		pthread_join(signals->thread, NULL);
	}
	if (signals->descriptor >= 0)
		close(signals->descriptor);
	cancel_destroy(signals->over);
	cancel_destroy(signals->stop);
}

/* Takes the job out of the environment: it holds a ticket, and children inherit. */
static int take_job(struct job *job, struct vm_error *err)
{
	char *text = getenv(VM_JOB_VARIABLE);
	int status;

	if (text == NULL)
		return vm_fail(err, VM_ERR_CONFIG,
		               VM_JOB_VARIABLE " is not set: a worker is started by a compute plugin, not "
		                               "by hand");
	status = job_read(text, job, err);
	explicit_bzero(text, strlen(text));
	unsetenv(VM_JOB_VARIABLE);
	return status;
}

static struct pipeline *read_pipeline(const char *path, struct plugins *plugins)
{
	struct diagnostics found = {0};
	struct pipeline *pipeline = NULL;

	pipeline_read_as(PIPELINE_WORKER, path, plugins, &pipeline, &found);
	if (pipeline != NULL)
		pipeline_check_plugins(pipeline, &found);
	diagnostics_print(&found, stderr);
	if (found.errors > 0) {
		pipeline_destroy(pipeline);
		pipeline = NULL;
	}
	diagnostics_finish(&found);
	return pipeline;
}

static int work(const struct pipeline *pipeline, const struct job *job,
                const struct arguments *arguments)
{
	char state_dir[PATH_MAX];
	struct signals signals;
	struct work work = {.pipeline = pipeline,
	                    .job = job,
	                    .state_dir = state_dir,
	                    .plugin_path = arguments->plugin_path,
	                    .patience = patience_usual};
	struct vm_error err;
	int code = EXIT_FAILED;

	/* The credentials that this process was started with are not for its codec child. */
	if (sandbox_hide(&err) != VM_OK ||
	    state_dir_make(arguments->state_dir, state_dir, sizeof state_dir, &err) != VM_OK ||
	    signals_start(&signals, &err) != VM_OK) {
		log_error("%s", err.message);
		return code;
	}
	work.stop = signals.stop;
	if (arguments->values[VERBOSE] != NULL)
		budget_tell(pipeline);
	code = (int)work_run(&work, &err);
	if (arguments->values[VERBOSE] != NULL)
		budget_tell_used();
	if (code == WORK_SILENT)
		log_error("%s", err.message);
	signals_finish(&signals);
	return code;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct plugins plugins;
	struct pipeline *pipeline;
	char default_path[PATH_MAX];
	const char *path = default_path;
	struct job job;
	struct vm_error err;
	int code, status;

	if (!arguments_read(&command_work, argc, argv, &arguments, &code))
		return code;
	if ((status = take_job(&job, &err)) != VM_OK) {
		log_error("%s", err.message);
		return status == VM_ERR_BAD_DATA ? WORK_BAD_JOB : EXIT_USAGE;
	}
	if (arguments.n_operands > 0)
		path = arguments.operands[0];
	else if (pipeline_default_path(default_path, sizeof default_path, &err) != VM_OK) {
		log_error("%s", err.message);
		return EXIT_CONFIG;
	}
	if (plugins_init(&plugins, arguments.plugin_path, &err) != VM_OK) {
		log_error("%s", err.message);
		return EXIT_FAILED;
	}
	arguments.plugin_path = plugins.search_path;
	pipeline = read_pipeline(path, &plugins);
	code = pipeline != NULL ? work(pipeline, &job, &arguments) : EXIT_CONFIG;
	pipeline_destroy(pipeline);
	plugins_finish(&plugins);
	return code;
}

const struct command command_work = {
    .name = "work",
    .arguments = "[FILE] [--verbose]",
    .summary = "Handles one attempt of a video: what a compute plugin starts.",
    .help = "FILE is the pipeline file that the server has, too; without one the local pipeline\n"
            "that comes with vidmill. The job stands in the environment as VIDMILL_JOB, where the\n"
            "compute plugin has put it. SIGTERM and SIGINT hand the work back.\n"
            "\n"
            "Exit codes of its own: 10 failed and said so, 11 handed back, 12 not heard by the\n"
            "server, 13 the job cannot be read.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
