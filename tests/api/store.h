/* store.h - a store that takes presigned requests, as another party's would. */
#ifndef TESTS_API_STORE_H
#define TESTS_API_STORE_H

#include <stddef.h>

/* Takes PUT /1 and PUT /2, the two halves of a source, from any number of clients. */
struct store;

/* `refusals`: so many requests are answered with 503 first. */
struct store *store_create(unsigned refusals);
void store_destroy(struct store *store);

/* "http://127.0.0.1:38123" */
const char *store_url(const struct store *store);

/* Both halves, as far as they came; valid until store_destroy. Nothing may be on its way. */
const char *store_bytes(struct store *store, size_t *length);
/* Requests that bore a token which is none of its business. */
unsigned store_tokens_seen(const struct store *store);
unsigned store_requests(const struct store *store);

#endif
