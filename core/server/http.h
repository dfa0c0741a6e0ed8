/* http.h - the HTTP API of a running server. */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "server/server.h"

struct http;

/*
 * Listens; answers until http_stop. `address` (size bytes) receives the URL it
 * can be reached at, for port 0 as well. A port in use is VM_ERR_CONFIG and the
 * message says which.
 */
int http_start(struct server *server, struct http **out, char *address, size_t size,
               struct vm_error *err);
/* No new connections; those in hand end within drain_ms. Accepts NULL. */
void http_stop(struct http *http, uint64_t drain_ms);

#endif
