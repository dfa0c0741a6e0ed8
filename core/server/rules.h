/* rules.h - what the state machine must know of this pipeline. */
#ifndef SERVER_RULES_H
#define SERVER_RULES_H

#include "server/server.h"
#include "video/machine.h"

void rules_of(const struct server *server, struct rules *out);

#endif
