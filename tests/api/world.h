/* world.h - a server with videos in every state that the cases speak of. */
#ifndef TESTS_API_WORLD_H
#define TESTS_API_WORLD_H

#include "fake.h"
#include "server/upload_url.h"

#define WORLD_TOKEN "Authorization: Bearer alpha\r\n"
#define WORLD_UNKNOWN "00112233445566778899aabbccddeeff"

struct world {
	struct fake fake;
	struct {
		const char *name; /* "{waiting}" */
		char text[UPLOAD_URL_MAX];
	} names[16];
	size_t count;
};

/* Everything in it is the holder's of WORLD_TOKEN. */
void world_create(struct world *world);
void world_destroy(struct world *world);

/* `text` (may be NULL) with every name written out. */
void world_fill(const struct world *world, const char *text, char *out, size_t size);

#endif
