/* inbox_file.h - one dropped file on its way to being a video; each step survives a kill. */
#ifndef SERVER_INBOX_FILE_H
#define SERVER_INBOX_FILE_H

#include "server/server.h"

/* Where files lie whose video exists already: .taken/<video>/<name>. */
#define INBOX_TAKEN ".taken"

/*
 * Makes the video, moves the file to INBOX_TAKEN under the video's id, and goes
 * on as below. `folder` is the inbox.
 */
bool inbox_take(struct server *server, int folder, const char *name);

/* Copies the file of INBOX_TAKEN/<video> into storage, queues the video, removes the file.
 * What fails is logged and left for the next look: false. */
bool inbox_go_on(struct server *server, int folder, const char *video);

#endif
