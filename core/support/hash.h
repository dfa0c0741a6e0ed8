/* hash.h - SHA-256 and HMAC-SHA-256 by OpenSSL, as lower-case hexadecimal text. */
#ifndef SUPPORT_HASH_H
#define SUPPORT_HASH_H

#include <stdbool.h>

#include <vidmill/status.h>

#define HASH_TEXT_MAX 65

struct hash; /* SHA-256 of a stream [one thread] */

int hash_create(struct hash **out, struct vm_error *err);
void hash_destroy(struct hash *hash);
int hash_add(struct hash *hash, const void *bytes, size_t length, struct vm_error *err);
/* Once; nothing may be added afterwards. */
int hash_text(struct hash *hash, char text[HASH_TEXT_MAX], struct vm_error *err);

int hash_bytes(const void *bytes, size_t length, char text[HASH_TEXT_MAX], struct vm_error *err);
int hash_hmac(const void *key, size_t key_length, const void *bytes, size_t length,
              char text[HASH_TEXT_MAX], struct vm_error *err);

/* In constant time for texts of equal length. */
bool hash_equal(const char *a, const char *b);

#endif
