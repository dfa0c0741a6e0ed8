/* http_address.h - where the API listens, and the URL it can be reached at. */
#ifndef SERVER_HTTP_ADDRESS_H
#define SERVER_HTTP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include <vidmill/status.h>

/*
 * `listen` is "127.0.0.1:8080", "[::1]:8080" or "localhost:8080"; port 0 takes
 * one that is free. *socket listens and is the caller's; `url` (size bytes) gets
 * "http://127.0.0.1:38123". VM_ERR_CONFIG names the address and what is wrong.
 */
int address_listen(const char *listen, int *socket, char *url, size_t size, struct vm_error *err);

/* Whether only this machine can reach a listening socket. */
bool address_is_loopback(int socket);

#endif
