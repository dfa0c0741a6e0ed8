/* launch.h - starting the task of a dispatched video. */
#ifndef SERVER_LAUNCH_H
#define SERVER_LAUNCH_H

#include "server/server.h"
#include "video/video.h"

/*
 * Starts the task, or finds the one that was started before: the token is made
 * of video, generation and epoch. `receipt` is the task message's, "" when it is
 * not in hand; then the worker holds no message and the server's own renewals
 * keep it hidden. What compute answers becomes a step of the video; false when
 * it gave no answer, so that the task may have been started or not.
 */
bool launch_task(struct server *server, const struct video *video, const char *receipt,
                 const struct vm_call *call);

#endif
