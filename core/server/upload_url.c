/* upload_url.c - writes and checks signed upload URLs. */
#include "server/upload_url.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "support/hash.h"
#include "video/keys.h"

static int sign(const char *key, const char *video, int64_t expires, uint64_t bytes,
                char signature[HASH_TEXT_MAX], struct vm_error *err)
{
	char text[128];
	int length = snprintf(text, sizeof text, "PUT\n%s\n%" PRId64 "\n%" PRIu64, video, expires,
	                      bytes);

	return hash_hmac(key, strlen(key), text, (size_t)length, signature, err);
}

int upload_url_write(const char *key, const char *base, const struct upload_url *upload,
                     char text[UPLOAD_URL_MAX], struct vm_error *err)
{
	int64_t expires = (upload->expires_ms + 999) / 1000;
	char signature[HASH_TEXT_MAX];
	int status = sign(key, upload->video, expires, upload->bytes, signature, err);

	if (status != VM_OK)
		return status;
	if (snprintf(text, UPLOAD_URL_MAX,
	             "%s/v1/uploads/%s?expires=%" PRId64 "&bytes=%" PRIu64 "&signature=%s", base,
	             upload->video, expires, upload->bytes, signature) >= UPLOAD_URL_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "server.public_url: too long");
	return VM_OK;
}

/* A whole number that is not negative, in as few digits as it needs: one text for one number. */
static bool read_number(const char *text, int64_t *out)
{
	char *end;

	if (text == NULL || *text < '0' || *text > '9' || (*text == '0' && text[1] != '\0'))
		return false;
	errno = 0;
	*out = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && *out <= INT64_MAX / 1000;
}

int upload_url_check(const char *key, const char *video, const char *expires, const char *bytes,
                     const char *signature, int64_t now_ms, struct upload_url *out,
                     struct vm_error *err)
{
	char expected[HASH_TEXT_MAX];
	int64_t until;
	int64_t length;
	int status;

	if (!video_id_is_valid(video) || !read_number(expires, &until) ||
	    !read_number(bytes, &length) || signature == NULL)
		return vm_fail(err, VM_ERR_DENIED, "this is no upload URL of this server");
	if ((status = sign(key, video, until, (uint64_t)length, expected, err)) != VM_OK)
		return status;
	if (!hash_equal(expected, signature))
		return vm_fail(err, VM_ERR_DENIED, "the signature does not fit this upload URL");
	if (until * 1000 < now_ms)
		return vm_fail(err, VM_ERR_DENIED, "this upload URL has expired: create the video again");
	*out = (struct upload_url){.expires_ms = until * 1000, .bytes = (uint64_t)length};
	memcpy(out->video, video, VIDEO_ID_MAX);
	return VM_OK;
}
