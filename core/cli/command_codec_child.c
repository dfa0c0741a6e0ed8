/* command_codec_child.c - `vidmill codec-child`: what `vidmill work` starts for each stage. */
#include <fcntl.h>

#include "cli/arguments.h"
#include "pipeline/pipeline.h"
#include "support/log.h"
#include "worker/work.h"

enum { PIPELINE, STAGE, DESCRIPTOR };

static const struct command_option options[] = {
    [PIPELINE] = {"pipeline", "FILE", "The pipeline file that the worker has read."},
    [STAGE] = {"stage", "NAME", "The stage whose codec plugin is loaded."},
    [DESCRIPTOR] = {"descriptor", "NUMBER", "The socket to the worker."},
    {0},
};

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct plugins plugins;
	struct diagnostics found = {0};
	struct pipeline *pipeline = NULL;
	struct vm_error err;
	int64_t descriptor = -1;
	int code;

	if (!arguments_read(&command_codec_child, argc, argv, &arguments, &code))
		return code;
	if (!arguments_number(&command_codec_child, &arguments, DESCRIPTOR, 3, 1023, &descriptor))
		return EXIT_USAGE;
	if (arguments.values[PIPELINE] == NULL || arguments.values[STAGE] == NULL ||
	    arguments.state_dir == NULL || fcntl((int)descriptor, F_GETFD) < 0)
		return arguments_refuse(&command_codec_child, "is started by vidmill work, not by hand");
	if (plugins_init(&plugins, arguments.plugin_path, &err) != VM_OK) {
		log_error("%s", err.message);
		return EXIT_FAILED;
	}
	pipeline_read_as(PIPELINE_CODEC, arguments.values[PIPELINE], &plugins, &pipeline, &found);
	if (pipeline != NULL)
		pipeline_check_plugins(pipeline, &found);
	diagnostics_print(&found, stderr);
	if (found.errors == 0)
		codec_child_run(pipeline, arguments.values[STAGE], arguments.state_dir, (int)descriptor);
	diagnostics_finish(&found);
	pipeline_destroy(pipeline);
	plugins_finish(&plugins);
	return EXIT_CONFIG;
}

const struct command command_codec_child = {
    .name = "codec-child",
    .arguments = "--pipeline FILE --stage NAME --descriptor NUMBER",
    .summary = "Decodes and encodes for a worker, locked in.",
    .options = options,
    .hidden = true,
    .run = run,
};
