/* upload_key.h - the key that signs upload URLs. */
#ifndef SERVER_UPLOAD_KEY_H
#define SERVER_UPLOAD_KEY_H

#include <stddef.h>

#include <vidmill/status.h>

#define UPLOAD_KEY_MAX 257

/*
 * `setting` is server.upload_key, which all copies of a server share; NULL: the
 * file upload.key (0600) of the state folder, made when it is not there. Copies
 * that start at the same time end with the same key.
 */
int upload_key_read(const char *setting, const char *state_dir, char key[UPLOAD_KEY_MAX],
                    struct vm_error *err);

#endif
