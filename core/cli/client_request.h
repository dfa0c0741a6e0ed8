/* client_request.h - the commands that ask one thing of one video. */
#ifndef CLI_CLIENT_REQUEST_H
#define CLI_CLIENT_REQUEST_H

#include "cli/client.h"

/* The whole of such a command: POST /v1/videos/ID<what>, then the video's new state. */
int client_request(const struct command *command, const char *what, int argc, char **argv);

#endif
