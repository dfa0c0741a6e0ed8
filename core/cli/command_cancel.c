/* command_cancel.c - `vidmill cancel`: ends the work on one video. */
#include "cli/client_request.h"

static const struct command_option options[] = {CLIENT_OPTIONS, {0}};

static int run(int argc, char **argv)
{
	return client_request(&command_cancel, "/cancel", argc, argv);
}

const struct command command_cancel = {
    .name = "cancel",
    .arguments = "ID [--json]",
    .summary = "Cancels the work on a video.",
    .help = "From then on nothing of that work becomes visible; `vidmill retry` starts it again.",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
