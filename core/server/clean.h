/* clean.h - removing the objects and uploads that nobody will ever see. */
#ifndef SERVER_CLEAN_H
#define SERVER_CLEAN_H

#include "server/server.h"
#include "video/video.h"

/*
 * Removes what attempts up to the video's epoch left in storage, all but the
 * visible result; uploads that never became a source; the source where the
 * policy does not keep it; everything when the video is to be removed. Idempotent.
 */
int clean_video(struct server *server, const struct video *video, const struct vm_call *call,
                struct vm_error *err);

#endif
