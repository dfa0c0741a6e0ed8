/* upload_url.h - the server's own upload URL: whoever holds it may send one source, once. */
#ifndef SERVER_UPLOAD_URL_H
#define SERVER_UPLOAD_URL_H

#include "video/video.h"

#define UPLOAD_URL_MAX 1024

/*
 * {base}/v1/uploads/<video>?expires=<Unix seconds>&bytes=<length>&signature=<hex>.
 * The signature is an HMAC-SHA-256 over method, video, expiry and length, so the
 * URL is checked without asking the store. It is a credential: never log it.
 */
struct upload_url {
	char video[VIDEO_ID_MAX];
	int64_t expires_ms; /* Unix time; kept to the second, rounded up */
	uint64_t bytes;     /* the exact length; 0: not declared */
};

int upload_url_write(const char *key, const char *base, const struct upload_url *upload,
                     char text[UPLOAD_URL_MAX], struct vm_error *err);

/*
 * Fills *out from what stands in a URL (any argument but key and video may be
 * NULL). VM_ERR_DENIED when it is expired or is not one that this key signed.
 */
int upload_url_check(const char *key, const char *video, const char *expires, const char *bytes,
                     const char *signature, int64_t now_ms, struct upload_url *out,
                     struct vm_error *err);

#endif
