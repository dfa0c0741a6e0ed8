/* command_table.c - the commands, in the order in which help lists them. */
#include "cli/command.h"

#include <stddef.h>

const struct command *const commands[] = {
    &command_serve,    &command_work,      &command_codec_child, &command_check, &command_plugins,
    &command_settings, &command_provision, &command_reference,   NULL,
};
