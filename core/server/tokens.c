/* tokens.c - the lines of server.tokens, read once and asked at each request. */
#include "server/tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct tokens {
	size_t count;
	struct token items[]; /* room for one a line */
};

static bool is_name(const char *text, size_t length)
{
	if (length == 0 || length >= VIDEO_OWNER_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && strchr("._-@", text[i]) == NULL)
			return false;
	return true;
}

static bool is_hash(const char *text, size_t length)
{
	return length == HASH_TEXT_MAX - 1 && strspn(text, "0123456789abcdefABCDEF") >= length;
}

/* One line without its end; false: it is none of ours. */
static bool read_token(const char *line, size_t length, struct token *out)
{
	const char *end = line + length;
	const char *colon = memchr(line, ':', length);
	const char *hash = colon != NULL ? colon + 1 : end;
	const char *second = memchr(hash, ':', (size_t)(end - hash));
	const char *hash_end = second != NULL ? second : end;

	*out = (struct token){.is_operator = second != NULL};
	if (colon == NULL || !is_name(line, (size_t)(colon - line)) ||
	    !is_hash(hash, (size_t)(hash_end - hash)))
		return false;
	if (second != NULL &&
	    ((size_t)(end - second) != strlen(":operator") || memcmp(second, ":operator", 9) != 0))
		return false;
	memcpy(out->name, line, (size_t)(colon - line));
	for (size_t i = 0; i < HASH_TEXT_MAX - 1; i++)
		out->sha256[i] = (char)tolower((unsigned char)hash[i]);
	return true;
}

static size_t count_lines(const char *text)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

int tokens_create(const char *text, struct tokens **out, struct vm_error *err)
{
	struct tokens *tokens = calloc(1, sizeof *tokens + count_lines(text) * sizeof(struct token));
	unsigned number = 0;

	if (tokens == NULL)
		return vm_fail_memory(err);
	while (*text != '\0') {
		size_t whole = strcspn(text, "\n");
		size_t length = whole;

		number++;
		while (length > 0 && isspace((unsigned char)text[length - 1]))
			length--;
		if (length > 0 && text[0] != '#') {
			if (!read_token(text, length, &tokens->items[tokens->count])) {
				tokens_destroy(tokens);
				return vm_fail(err, VM_ERR_CONFIG,
				               "server.tokens: line %u: not \"name:sha256\", the SHA-256 of the "
				               "token in 64 hexadecimal digits",
				               number);
			}
			tokens->count++;
		}
		text += whole + (text[whole] == '\n');
	}
	if (tokens->count == 0) {
		tokens_destroy(tokens);
		return vm_fail(err, VM_ERR_CONFIG, "server.tokens: no token in it, so nobody could enter");
	}
	*out = tokens;
	return VM_OK;
}

void tokens_destroy(struct tokens *tokens)
{
	free(tokens);
}

const struct token *tokens_find(const struct tokens *tokens, const char *presented)
{
	const struct token *found = NULL;
	char sha256[HASH_TEXT_MAX];

	if (hash_bytes(presented, strlen(presented), sha256, NULL) != VM_OK)
		return NULL;
	for (size_t i = 0; i < tokens->count; i++)
		if (hash_equal(tokens->items[i].sha256, sha256))
			found = &tokens->items[i];
	return found;
}
