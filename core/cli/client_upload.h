/* client_upload.h - a file on its way to where the server said that its bytes go. */
#ifndef CLI_CLIENT_UPLOAD_H
#define CLI_CLIENT_UPLOAD_H

#include "cli/client.h"

struct client_upload {
	const char *path; /* for messages */
	int fd;           /* read at offsets; several at once */
	uint64_t bytes;
	const json_t *requests;                  /* as the API gave them */
	void (*sent)(void *ctx, uint64_t bytes); /* told now and then; may be NULL */
	void *ctx;
};

/*
 * Sends all requests, some at once, each again when the other side fails in a
 * way that may pass. The client's token goes to none of them: the URLs are the
 * credential, and may be another party's. *created tells whether the server
 * itself received the source, so that nothing is left to be asked. A source
 * that was there already is VM_ERR_CONFLICT.
 */
int client_upload_send(const struct client_upload *upload, bool *created, struct vm_error *err);

#endif
