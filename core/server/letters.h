/* letters.h - the dead letters of the unprocessed queue: found, and told to their videos. */
#ifndef SERVER_LETTERS_H
#define SERVER_LETTERS_H

#include "server/server.h"
#include "video/video.h"

/* The video that a dead letter is about; "" when it is none of ours. False: out of memory. */
bool letter_video(struct server *server, const struct vm_dead_letter *letter,
                  char video[VIDEO_ID_MAX]);

/* Videos whose task message died by itself fail, so that nobody waits for them. */
void letters_sweep(struct server *server, const struct vm_call *call);

#endif
