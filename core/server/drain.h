/* drain.h - what a server that was told to stop does with the work in hand. */
#ifndef SERVER_DRAIN_H
#define SERVER_DRAIN_H

#include "server/server.h"

/*
 * Where tasks end with the host: lets them go on for `patience_ms`, then has
 * them hand back what they cannot finish, and waits for their last words.
 * Elsewhere they go on without this server and there is nothing to do.
 * Cut short by server->abort.
 */
void drain_tasks(struct server *server, uint64_t patience_ms);

#endif
