/* letters.h - the dead letters of the unprocessed queue: found, and told to their videos. */
#ifndef SERVER_LETTERS_H
#define SERVER_LETTERS_H

#include "server/server.h"

/* Videos whose task message died by itself fail, so that nobody waits for them. */
void letters_sweep(struct server *server, const struct vm_call *call);

#endif
