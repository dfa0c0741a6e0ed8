/* command_serve.c - `vidmill serve`: the server of one pipeline. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/opened.h"
#include "cli/state_dir.h"
#include "server/server.h"
#include "support/log.h"

enum { LISTEN, READY_FILE, VERBOSE };

static const struct command_option options[] = {
    [LISTEN] = {"listen", "ADDRESS:PORT",
                "Listens here instead of at server.listen; port 0 takes a free one."},
    [READY_FILE] = {"ready-file", "PATH", "Writes the API's address there when everything is up."},
    [VERBOSE] = {"verbose", NULL, "Starts its workers with --verbose."},
    {0},
};

/* How compute is to start a worker for this pipeline; NULL-ended. */
struct worker_command {
	char program[PATH_MAX];
	char pipeline[PATH_MAX];
	const char *argv[9];
};

static int make_worker_command(const char *pipeline, const char *state_dir,
                               const struct arguments *arguments, struct worker_command *out,
                               struct vm_error *err)
{
	ssize_t length = readlink("/proc/self/exe", out->program, sizeof out->program - 1);
	size_t n = 0;

	if (length < 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "/proc/self/exe cannot be read");
	out->program[length] = '\0';
	if (realpath(pipeline, out->pipeline) == NULL)
		return vm_fail(err, VM_ERR_CONFIG, "%s: no such file", pipeline);
	out->argv[n++] = out->program;
	out->argv[n++] = "work";
	out->argv[n++] = out->pipeline;
	out->argv[n++] = "--state";
	out->argv[n++] = state_dir;
	if (arguments->plugin_path != NULL) {
		out->argv[n++] = "--plugins";
		out->argv[n++] = arguments->plugin_path;
	}
	if (arguments->values[VERBOSE] != NULL)
		out->argv[n++] = "--verbose";
	out->argv[n] = NULL;
	return VM_OK;
}

static int serve(const struct opened *opened, const struct arguments *arguments,
                 struct vm_error *err)
{
	struct server_options server = {.ready_file = arguments->values[READY_FILE]};
	struct worker_command worker;
	char state_dir[PATH_MAX];
	int status;

	if ((status = state_dir_make(arguments->state_dir, state_dir, sizeof state_dir, err)) !=
	        VM_OK ||
	    (status = make_worker_command(opened->path, state_dir, arguments, &worker, err)) != VM_OK)
		return status;
	if (arguments->values[LISTEN] != NULL)
		opened->pipeline->server.listen = arguments->values[LISTEN];
	server.state_dir = state_dir;
	server.worker_command = worker.argv;
	return server_run(opened->pipeline, &server, err);
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct opened opened;
	struct vm_error err;
	int code, status;

	if (!arguments_read(&command_serve, argc, argv, &arguments, &code))
		return code;
	status = opened_open(&arguments, &opened, &err);
	diagnostics_print(&opened.found, stderr);
	if (status == VM_OK && (opened.pipeline == NULL || opened.found.errors > 0)) {
		opened_close(&opened);
		return EXIT_CONFIG;
	}
	if (status == VM_OK)
		status = serve(&opened, &arguments, &err);
	opened_close(&opened);
	if (status == VM_OK)
		return EXIT_OK;
	log_error("%s", err.message);
	return status == VM_ERR_CONFIG ? EXIT_CONFIG : EXIT_FAILED;
}

const struct command command_serve = {
    .name = "serve",
    .arguments = "[FILE]",
    .summary = "Runs the server of a pipeline: API, queues, sweeper.",
    .help =
        "FILE is a pipeline file; without one the local pipeline that comes with vidmill is\n"
        "served, which needs nothing but this machine. SIGTERM drains: no more work is taken,\n"
        "what runs may go on for server.drain and is handed back after that. SIGINT hands back\n"
        "at once; a second signal ends at once. Whatever is cut short is taken up again at the\n"
        "next start.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
