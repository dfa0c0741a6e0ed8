/* command_table.c - the commands, in the order in which help lists them. */
#include "cli/command.h"

#include <stddef.h>

const struct command *const commands[] = {
    &command_serve,        &command_work,      &command_codec_child,
    &command_upload,       &command_list,      &command_show,
    &command_watch,        &command_retry,     &command_cancel,
    &command_dead_letters, &command_audit,     &command_check,
    &command_plugins,      &command_settings,  &command_provision,
    &command_test_plugin,  &command_reference, NULL,
};
