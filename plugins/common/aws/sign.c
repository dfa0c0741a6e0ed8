/* sign.c - the signature and the two places where it goes. */
#include "aws/sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DIGEST_BYTES 32

enum { DATE_MAX = sizeof "20130524T000000Z" };

void aws_keys_wipe(struct aws_keys *keys)
{
	OPENSSL_cleanse(keys, sizeof *keys);
}

static void write_date(int64_t now_s, char text[DATE_MAX])
{
	time_t now = (time_t)now_s;
	struct tm parts;

	gmtime_r(&now, &parts);
	strftime(text, DATE_MAX, "%Y%m%dT%H%M%SZ", &parts);
}

static void write_hex(const unsigned char digest[DIGEST_BYTES], char hex[AWS_HASH_MAX])
{
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

int aws_hash(const void *bytes, size_t length, char hash[AWS_HASH_MAX], struct vm_error *err)
{
	unsigned char digest[DIGEST_BYTES];

	if (EVP_Digest(length > 0 ? bytes : "", length, digest, NULL, EVP_sha256(), NULL) != 1)
		return vm_fail(err, VM_ERR_BUG, "no SHA-256 in libcrypto");
	write_hex(digest, hash);
	return VM_OK;
}

/* "20130524/us-east-1/s3/aws4_request" */
static int write_scope(const struct aws_signer *signer, struct kit_buffer *out,
                       struct vm_error *err)
{
	char date[DATE_MAX];

	write_date(signer->now_s, date);
	return kit_buffer_print(out, err, "%.8s/%s/%s/aws4_request", date, signer->region,
	                        signer->service);
}

int aws_string_to_sign(const struct aws_signer *signer, const struct kit_buffer *canonical,
                       struct kit_buffer *out, struct vm_error *err)
{
	char date[DATE_MAX], hash[AWS_HASH_MAX];
	int status;

	write_date(signer->now_s, date);
	if ((status = aws_hash(canonical->bytes, canonical->length, hash, err)) != VM_OK ||
	    (status = kit_buffer_print(out, err, ALGORITHM "\n%s\n", date)) != VM_OK ||
	    (status = write_scope(signer, out, err)) != VM_OK)
		return status;
	return kit_buffer_print(out, err, "\n%s", hash);
}

static bool mac(const void *key, size_t key_length, const void *bytes, size_t length,
                unsigned char out[DIGEST_BYTES])
{
	return HMAC(EVP_sha256(), key, (int)key_length, bytes, length, out, NULL) != NULL;
}

static int write_signature(const struct aws_signer *signer, const struct kit_buffer *to_sign,
                           char signature[AWS_HASH_MAX], struct vm_error *err)
{
	char date[DATE_MAX], first[sizeof "AWS4" + AWS_SECRET_MAX];
	unsigned char key[DIGEST_BYTES];
	bool done;

	write_date(signer->now_s, date);
	snprintf(first, sizeof first, "AWS4%s", signer->keys->secret);
	done = mac(first, strlen(first), date, 8, key) &&
	       mac(key, sizeof key, signer->region, strlen(signer->region), key) &&
	       mac(key, sizeof key, signer->service, strlen(signer->service), key) &&
	       mac(key, sizeof key, "aws4_request", strlen("aws4_request"), key) &&
	       mac(key, sizeof key, to_sign->bytes, to_sign->length, key);
	if (done)
		write_hex(key, signature);
	OPENSSL_cleanse(first, sizeof first);
	OPENSSL_cleanse(key, sizeof key);
	return done ? VM_OK : vm_fail(err, VM_ERR_BUG, "no HMAC-SHA-256 in libcrypto");
}

/* The signature of what stands in `what`, and the names of the headers that it covers. */
static int sign(const struct aws_signer *signer, const struct aws_signed *what,
                struct kit_buffer *names, char signature[AWS_HASH_MAX], struct vm_error *err)
{
	struct kit_buffer canonical, to_sign;
	int status;

	kit_buffer_init(&canonical, SIZE_MAX / 2);
	kit_buffer_init(&to_sign, SIZE_MAX / 2);
	if ((status = aws_canonical_request(signer, what, &canonical, names, err)) == VM_OK &&
	    (status = aws_string_to_sign(signer, &canonical, &to_sign, err)) == VM_OK)
		status = write_signature(signer, &to_sign, signature, err);
	kit_buffer_finish(&to_sign);
	kit_buffer_finish(&canonical);
	return status;
}

static int add_token(const struct aws_signer *signer, struct http_headers *headers,
                     struct vm_error *err)
{
	if (signer->keys->token[0] == '\0')
		return VM_OK;
	return http_headers_add(headers, err, "x-amz-security-token", "%s", signer->keys->token);
}

int aws_sign_headers(const struct aws_signer *signer, const struct aws_signed *what,
                     struct vm_error *err)
{
	struct kit_buffer names, scope;
	char date[DATE_MAX], signature[AWS_HASH_MAX];
	int status;

	kit_buffer_init(&names, SIZE_MAX / 2);
	kit_buffer_init(&scope, SIZE_MAX / 2);
	write_date(signer->now_s, date);
	if ((status = http_headers_add(what->headers, err, "x-amz-date", "%s", date)) != VM_OK ||
	    (!signer->token_unsigned && (status = add_token(signer, what->headers, err)) != VM_OK) ||
	    (status = sign(signer, what, &names, signature, err)) != VM_OK ||
	    (status = write_scope(signer, &scope, err)) != VM_OK)
		goto fail;
	status = http_headers_add(what->headers, err, "authorization",
	                          ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
	                          signer->keys->id, scope.bytes, names.bytes, signature);
	if (status == VM_OK && signer->token_unsigned)
		status = add_token(signer, what->headers, err);

fail:
	kit_buffer_finish(&scope);
	kit_buffer_finish(&names);
	return status;
}

/* All but the signature itself, in which they are covered. */
static int add_parameters(const struct aws_signer *signer, const struct aws_signed *what,
                          uint64_t expires_s, struct kit_buffer *text, struct vm_error *err)
{
	char date[DATE_MAX], expires[24];
	int status;

	write_date(signer->now_s, date);
	snprintf(expires, sizeof expires, "%llu", (unsigned long long)expires_s);
	if ((status = kit_buffer_print(text, err, "%s/", signer->keys->id)) != VM_OK ||
	    (status = write_scope(signer, text, err)) != VM_OK ||
	    (status = aws_query_add(what->query, "X-Amz-Algorithm", ALGORITHM, err)) != VM_OK ||
	    (status = aws_query_add(what->query, "X-Amz-Credential", text->bytes, err)) != VM_OK ||
	    (status = aws_query_add(what->query, "X-Amz-Date", date, err)) != VM_OK ||
	    (status = aws_query_add(what->query, "X-Amz-Expires", expires, err)) != VM_OK)
		return status;
	if (signer->keys->token[0] == '\0' || signer->token_unsigned)
		return VM_OK;
	return aws_query_add(what->query, "X-Amz-Security-Token", signer->keys->token, err);
}

static int add_names(const struct aws_signed *what, struct vm_error *err)
{
	struct kit_buffer text, names;
	int status;

	kit_buffer_init(&text, SIZE_MAX / 2);
	kit_buffer_init(&names, SIZE_MAX / 2);
	status = aws_canonical_headers(what->headers, &text, &names, err);
	if (status == VM_OK)
		status = aws_query_add(what->query, "X-Amz-SignedHeaders", names.bytes, err);
	kit_buffer_finish(&names);
	kit_buffer_finish(&text);
	return status;
}

int aws_sign_query(const struct aws_signer *signer, const struct aws_signed *what,
                   uint64_t expires_s, struct vm_error *err)
{
	struct kit_buffer text, names;
	char signature[AWS_HASH_MAX];
	int status;

	kit_buffer_init(&text, SIZE_MAX / 2);
	kit_buffer_init(&names, SIZE_MAX / 2);
	if ((status = add_parameters(signer, what, expires_s, &text, err)) == VM_OK &&
	    (status = add_names(what, err)) == VM_OK &&
	    (status = sign(signer, what, &names, signature, err)) == VM_OK)
		status = aws_query_add(what->query, "X-Amz-Signature", signature, err);
	if (status == VM_OK && signer->token_unsigned && signer->keys->token[0] != '\0')
		status = aws_query_add(what->query, "X-Amz-Security-Token", signer->keys->token, err);
	kit_buffer_finish(&names);
	kit_buffer_finish(&text);
	return status;
}
