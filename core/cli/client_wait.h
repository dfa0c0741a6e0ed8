/* client_wait.h - follows one video to its end. */
#ifndef CLI_CLIENT_WAIT_H
#define CLI_CLIENT_WAIT_H

#include "cli/client.h"
#include "cli/progress.h"

/*
 * Shows the work on stderr and returns when the video is processed, failed,
 * expired or canceled, with its last document (the caller's). With `as_json`
 * nothing is shown and each document is printed as a line.
 */
int client_wait(struct client *client, const char *id, bool as_json, struct progress *progress,
                json_t **out, struct vm_error *err);

/* Says how it ended: what a person opens on stdout (not `as_json`: the document said it), or on
 * stderr why there is nothing. Returns the exit code. */
int client_tell_end(const struct command *command, struct client *client, const json_t *video,
                    bool as_json);

#endif
