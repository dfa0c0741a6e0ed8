/* hash.c - SHA-256 and HMAC-SHA-256 by OpenSSL. */
#include "support/hash.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { DIGEST_BYTES = 32 };

struct hash {
	EVP_MD_CTX *state;
};

static void write_text(const unsigned char digest[DIGEST_BYTES], char text[HASH_TEXT_MAX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	text[HASH_TEXT_MAX - 1] = '\0';
}

static int fail(struct vm_error *err)
{
	return vm_fail(err, VM_ERR_BUG, "sha-256: openssl cannot compute it");
}

int hash_create(struct hash **out, struct vm_error *err)
{
	struct hash *hash = calloc(1, sizeof *hash);
	int status = VM_OK;

	if (hash == NULL || (hash->state = EVP_MD_CTX_new()) == NULL)
		status = vm_fail_memory(err);
	else if (EVP_DigestInit_ex(hash->state, EVP_sha256(), NULL) != 1)
		status = fail(err);
	if (status != VM_OK)
		goto fail;
	*out = hash;
	return VM_OK;

fail:
	hash_destroy(hash);
	return status;
}

void hash_destroy(struct hash *hash)
{
	if (hash != NULL)
		EVP_MD_CTX_free(hash->state);
	free(hash);
}

int hash_add(struct hash *hash, const void *bytes, size_t length, struct vm_error *err)
{
	return EVP_DigestUpdate(hash->state, bytes, length) == 1 ? VM_OK : fail(err);
}

int hash_text(struct hash *hash, char text[HASH_TEXT_MAX], struct vm_error *err)
{
	unsigned char digest[DIGEST_BYTES];

	if (EVP_DigestFinal_ex(hash->state, digest, NULL) != 1)
		return fail(err);
	write_text(digest, text);
	return VM_OK;
}

int hash_bytes(const void *bytes, size_t length, char text[HASH_TEXT_MAX], struct vm_error *err)
{
	unsigned char digest[DIGEST_BYTES];

	if (EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL) != 1)
		return fail(err);
	write_text(digest, text);
	return VM_OK;
}

int hash_hmac(const void *key, size_t key_length, const void *bytes, size_t length,
              char text[HASH_TEXT_MAX], struct vm_error *err)
{
	unsigned char digest[DIGEST_BYTES];

	if (key_length > INT_MAX ||
	    HMAC(EVP_sha256(), key, (int)key_length, bytes, length, digest, NULL) == NULL)
		return fail(err);
	write_text(digest, text);
	return VM_OK;
}

bool hash_equal(const char *a, const char *b)
{
	size_t length = strlen(a);

	return length == strlen(b) && CRYPTO_memcmp(a, b, length) == 0;
}
