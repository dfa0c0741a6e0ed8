/* command_retry.c - `vidmill retry`: makes a new generation of one video. */
#include "cli/client_request.h"

static const struct command_option options[] = {CLIENT_OPTIONS, {0}};

static int run(int argc, char **argv)
{
	return client_request(&command_retry, "/retry", argc, argv);
}

const struct command command_retry = {
    .name = "retry",
    .arguments = "ID [--json]",
    .summary = "Processes a video again that was processed, failed or was canceled.",
    .help = "What the video showed until now stays visible until the new result is complete.",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
