/* tokens.h - the bearer tokens of server.tokens, of which only hashes are kept. */
#ifndef SERVER_TOKENS_H
#define SERVER_TOKENS_H

#include <stdbool.h>

#include "support/hash.h"
#include "video/video.h"

/*
 * One line of the text: `name:sha256` or `name:sha256:operator`, the hash of the
 * token in hexadecimal. A name owns the videos made with its token and sees no
 * others; an operator sees everybody's. Empty lines and lines that begin with
 * '#' count for nothing. Several tokens may have one name.
 */
struct token {
	char name[VIDEO_OWNER_MAX];
	char sha256[HASH_TEXT_MAX];
	bool is_operator;
};

struct tokens;

/* VM_ERR_CONFIG names the line, never what stands in it. */
int tokens_create(const char *text, struct tokens **out, struct vm_error *err);
void tokens_destroy(struct tokens *tokens); /* accepts NULL */

/*
 * NULL when nobody has this token. How long it takes does not depend on which
 * token it is, or how much of one was right. [any thread]
 */
const struct token *tokens_find(const struct tokens *tokens, const char *presented);

#endif
