/* client_internal.h - a client, as its own files see it. */
#ifndef CLI_CLIENT_INTERNAL_H
#define CLI_CLIENT_INTERNAL_H

#include <curl/curl.h>

#include "cli/client.h"
#include "support/buffer.h"

struct client {
	CURL *easy; /* kept for its connection */
	char server[512];
	char authorization[1024]; /* the whole header line; empty: no token */
};

/* Empties the handle and sets what all requests to the server have in common. */
void client_prepare(struct client *client, const char *method, const char *url,
                    struct curl_slist *headers);
/* The list with one line more; on failure it is freed and NULL. */
struct curl_slist *client_add_header(struct curl_slist *headers, const char *line);
/* What a request that got no answer means. */
int client_unreachable(const struct client *client, CURLcode code, struct vm_error *err);

/* A CURLOPT_WRITEFUNCTION that appends to a struct buffer. */
size_t client_collect(char *bytes, size_t size, size_t count, void *buffer);

#endif
