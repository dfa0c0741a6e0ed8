/* command_serve.c - `vidmill serve`: the server of one pipeline. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/state_dir.h"
#include "pipeline/pipeline.h"
#include "server/server.h"
#include "support/log.h"

enum { LISTEN, READY_FILE };

static const struct command_option options[] = {
    [LISTEN] = {"listen", "ADDRESS:PORT",
                "Listens here instead of at server.listen; port 0 takes a free one."},
    [READY_FILE] = {"ready-file", "PATH", "Writes the API's address there when everything is up."},
    {0},
};

/* How compute is to start a worker for this pipeline; NULL-ended. */
struct worker_command {
	char program[PATH_MAX];
	char pipeline[PATH_MAX];
	const char *argv[8];
};

static int make_worker_command(const char *pipeline, const char *state_dir, const char *plugin_path,
                               struct worker_command *out, struct vm_error *err)
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
	if (plugin_path != NULL) {
		out->argv[n++] = "--plugins";
		out->argv[n++] = plugin_path;
	}
	out->argv[n] = NULL;
	return VM_OK;
}

static int serve(struct pipeline *pipeline, const struct arguments *arguments, struct vm_error *err)
{
	struct server_options server = {.ready_file = arguments->values[READY_FILE]};
	struct worker_command worker;
	char state_dir[PATH_MAX];
	int status;

	if ((status = state_dir_make(arguments->state_dir, state_dir, sizeof state_dir, err)) !=
	        VM_OK ||
	    (status = make_worker_command(pipeline->path, state_dir, arguments->plugin_path, &worker,
	                                  err)) != VM_OK)
		return status;
	if (arguments->values[LISTEN] != NULL)
		pipeline->server.listen = arguments->values[LISTEN];
	server.state_dir = state_dir;
	server.worker_command = worker.argv;
	return server_run(pipeline, &server, err);
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct plugins plugins;
	struct diagnostics found = {0};
	struct pipeline *pipeline = NULL;
	char default_path[PATH_MAX];
	const char *path = default_path;
	struct vm_error err;
	int code, status;

	if (!arguments_read(&command_serve, argc, argv, &arguments, &code))
		return code;
	if ((status = plugins_init(&plugins, arguments.plugin_path, &err)) != VM_OK)
		goto fail;
	if (arguments.n_operands > 0)
		path = arguments.operands[0];
	else if ((status = pipeline_default_path(default_path, sizeof default_path, &err)) != VM_OK)
		goto fail;
	pipeline_read(path, &plugins, &pipeline, &found);
	if (pipeline != NULL)
		pipeline_check_plugins(pipeline, &found);
	diagnostics_print(&found, stderr);
	if (found.errors > 0 || pipeline == NULL) {
		code = EXIT_CONFIG;
		goto out;
	}
	if ((status = serve(pipeline, &arguments, &err)) != VM_OK)
		goto fail;
	code = EXIT_OK;
	goto out;
fail:
	log_error("%s", err.message);
	code = status == VM_ERR_CONFIG ? EXIT_CONFIG : EXIT_FAILED;
out:
	diagnostics_finish(&found);
	pipeline_destroy(pipeline);
	plugins_finish(&plugins);
	return code;
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
