/* http_clients.h - connections that take too long to say what they want are closed. */
#ifndef SERVER_HTTP_CLIENTS_H
#define SERVER_HTTP_CLIENTS_H

#include <microhttpd.h>

#include "support/cancel.h"

/*
 * The library closes a connection on which nothing moves. One byte now and then
 * moves: so the time in which a whole head must come is bounded here, from the
 * start of a connection and from the end of each request on it.
 */
struct clients;

/* Starts a thread; `head_ms` is the bound. */
int clients_create(unsigned head_ms, struct clients **out, struct vm_error *err);
/* Accepts NULL; the daemon has been stopped. */
void clients_destroy(struct clients *clients);

/* MHD's callback; `cls` is the struct clients. */
void clients_on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code);
/* The head of a request is there; its answer was sent. [the connection's thread] */
void clients_head_came(struct MHD_Connection *connection);
void clients_request_ended(struct MHD_Connection *connection);

#endif
