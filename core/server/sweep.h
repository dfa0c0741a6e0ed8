/* sweep.h - one pass of the sweeper over all that is due. */
#ifndef SERVER_SWEEP_H
#define SERVER_SWEEP_H

#include "server/server.h"

/*
 * Steps every video whose time has come, page by page, however many there are;
 * server->swept_ms says when a page was last done. What cannot be stepped is left
 * for the next pass and keeps none of the others waiting. False when the
 * documents cannot be found, or none of those that are due could be stepped.
 */
bool sweep_due(struct server *server);

#endif
