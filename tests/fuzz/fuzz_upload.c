/* fuzz_upload.c - signed upload tokens: nothing but what was signed is let in, until it expires. */
#include "fuzz/fuzz.h"
#include "server/upload_key.h"
#include "server/upload_url.h"
#include "support/hash.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define VIDEO "00112233445566778899aabbccddeeff"

enum { NOW_MS = 1700000000, PARTS = 4 };

/* The parts of a URL, as the API takes them out of it. */
struct token {
	char video[VIDEO_ID_MAX], expires[32], bytes[32], signature[HASH_TEXT_MAX];
};

static int check(const struct token *token, int64_t now_ms)
{
	struct upload_url out;
	struct vm_error err;
	int status = upload_url_check(KEY, token->video, token->expires, token->bytes, token->signature,
	                              now_ms, &out, &err);

	if (status != VM_OK)
		fuzz_expect_refusal(VM_ERR_DENIED, status, &err);
	return status;
}

static void read_token(const char *url, struct token *out)
{
	fuzz_expect(sscanf(url, "/v1/uploads/%32[^?]?expires=%31[^&]&bytes=%31[^&]&signature=%64s",
	                   out->video, out->expires, out->bytes, out->signature) == 4);
}

/* One character of the token becomes another one, or is taken away with all that follows it. */
static void change(struct token *token, const uint8_t *bytes)
{
	char *const parts[PARTS] = {token->video, token->expires, token->bytes, token->signature};
	char *part = parts[bytes[0] % PARTS];
	char *at = &part[bytes[1] % strlen(part)];

	*at = (char)(*at != (char)bytes[2] ? bytes[2] : bytes[2] ^ 1);
}

static void sign_and_change(const uint8_t *bytes, size_t length)
{
	struct upload_url upload = {.video = VIDEO}, out;
	char url[UPLOAD_URL_MAX];
	struct token token;
	struct vm_error err;
	uint32_t seconds;

	memcpy(&seconds, bytes, sizeof seconds);
	memcpy(&upload.bytes, bytes + 4, sizeof upload.bytes);
	upload.bytes &= INT64_MAX / 1000;
	upload.expires_ms = (int64_t)seconds * 1000;
	fuzz_expect(upload_url_write(KEY, "", &upload, url, &err) == VM_OK);
	read_token(url, &token);
	fuzz_expect(check(&token, upload.expires_ms) == VM_OK);
	fuzz_expect(check(&token, upload.expires_ms + 1) == VM_ERR_DENIED);
	fuzz_expect(upload_url_check(KEY, token.video, token.expires, token.bytes, token.signature, 0,
	                             &out, &err) == VM_OK &&
	            out.bytes == upload.bytes && out.expires_ms == upload.expires_ms);
	fuzz_expect(upload_url_check("another key of thirty-two bytes.", token.video, token.expires,
	                             token.bytes, token.signature, 0, &out, &err) == VM_ERR_DENIED);
	if (length >= 15) {
		change(&token, bytes + 12);
		fuzz_expect(check(&token, 0) == VM_ERR_DENIED);
	}
}

/* Nobody signed this: four lines of text. */
static void make_up(const uint8_t *bytes, size_t length)
{
	char text[512], *next = text, *parts[PARTS];
	struct upload_url out;
	struct vm_error err;

	if (length >= sizeof text)
		return;
	memcpy(text, bytes, length);
	text[length] = '\0';
	for (size_t i = 0; i < PARTS; i++)
		parts[i] = next != NULL ? strsep(&next, "\n") : NULL;
	fuzz_expect_refusal(VM_ERR_DENIED,
	                    upload_url_check(KEY, parts[0] != NULL ? parts[0] : VIDEO, parts[1],
	                                     parts[2], parts[3], NOW_MS, &out, &err),
	                    &err);
}

static void try_key(const uint8_t *bytes, size_t length)
{
	char text[512], key[UPLOAD_KEY_MAX];
	struct vm_error err;
	int status;

	if (length >= sizeof text)
		return;
	memcpy(text, bytes, length);
	text[length] = '\0';
	status = upload_key_read(text, "/nowhere", key, &err);
	if (status != VM_OK)
		fuzz_expect_refusal(VM_ERR_CONFIG, status, &err);
	else
		fuzz_expect(strcmp(text, key) == 0 && strlen(key) >= 32);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length >= 12)
		sign_and_change(bytes, length);
	make_up(bytes, length);
	try_key(bytes, length);
	return 0;
}
