/* client.h - the API of a running server, as the commands of a client ask it. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <jansson.h>

#include <vidmill/stream.h>

#include "cli/arguments.h"

/* The options that every client command takes; its own follow from CLIENT_OPTIONS_END on. */
enum client_option { CLIENT_SERVER, CLIENT_TOKEN_FILE, CLIENT_JSON, CLIENT_OPTIONS_END };
#define CLIENT_OPTIONS                                                                             \
	[CLIENT_SERVER] = {"server", "URL",                                                            \
	                   "The server; default $VIDMILL_SERVER, else http://127.0.0.1:8080."},        \
	[CLIENT_TOKEN_FILE] = {"token-file", "FILE",                                                   \
	                       "Holds the token for the server; default: what $VIDMILL_TOKEN says."},  \
	[CLIENT_JSON] = {"json", NULL, "Prints JSON instead of text."}

/* One server. [one thread] */
struct client;

/* By the command line and the environment; nothing is sent yet. */
int client_create(const struct arguments *arguments, struct client **out, struct vm_error *err);
void client_destroy(struct client *client); /* accepts NULL; wipes the token */

/*
 * Asks once. `body` may be NULL. *out is the answer's JSON, the caller's; NULL
 * when there was none (`out` may be NULL). An answer that is a problem becomes
 * the error: its detail is the message, its HTTP status is err->native; 0 there
 * means that no server answered.
 */
int client_ask(struct client *client, const char *method, const char *path, const json_t *body,
               json_t **out, struct vm_error *err);

/* What an HTTP status that is no success, with its body, means. */
int client_problem(long http_status, const char *body, struct vm_error *err);

/*
 * Hands over the document of a video (NULL: of each that changes) again and
 * again until `each` says stop. A connection that breaks is made again for a
 * minute: a server may be restarted meanwhile.
 */
typedef enum vm_more client_video_fn(void *ctx, const json_t *video);
int client_follow(struct client *client, const char *video, client_video_fn *each, void *ctx,
                  struct vm_error *err);

/* Writes "/v1/videos/ID<what>"; false when that is no id of a video, and so of none. */
bool client_video_path(const char *id, const char *what, char *path, size_t size);
/* Says so, as if the server had; returns the exit code. */
int client_no_video(const struct command *command, const char *id);

/* Says on stderr what failed and returns the exit code for it. */
int client_fail(const struct command *command, const struct vm_error *err);

#endif
