/* http_refuse.h - how a request is answered whose body is still coming. */
#ifndef SERVER_HTTP_REFUSE_H
#define SERVER_HTTP_REFUSE_H

#include "server/http_exchange.h"

/*
 * Writes the answer to the socket: the library takes none while a body is being
 * received, and a client that sends 50 GB should not have to send all of it to
 * learn that the disk is full. The connection must be closed after it.
 */
void refuse_send(struct exchange *exchange);

/*
 * Reads what the client still sends, for a short while, so that closing does
 * not reset the connection and take the answer away from it.
 */
void refuse_linger(struct MHD_Connection *connection);

#endif
