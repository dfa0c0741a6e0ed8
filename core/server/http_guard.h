/* http_guard.h - who may ask, before anything else is looked at. */
#ifndef SERVER_HTTP_GUARD_H
#define SERVER_HTTP_GUARD_H

#include "server/http_exchange.h"

/*
 * Finds the route and lets the request in: path and headers within their
 * limits, a path and method that there are, a token where one is asked for. 0,
 * or the status of what was answered.
 */
int guard_request(struct exchange *exchange);

#endif
