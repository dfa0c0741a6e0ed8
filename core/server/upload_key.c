/* upload_key.c - the key from the settings, or made once and kept in the state folder. */
#include "server/upload_key.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/random.h"

enum { KEY_BYTES = 32, KEY_LEAST = 32 };

static int fail_file(struct vm_error *err, const char *what, const char *path)
{
	int error = errno;

	vm_fail(err, VM_ERR_CONFIG, "%s %s: %s", what, path, strerror(error));
	if (err != NULL)
		err->native = error;
	return VM_ERR_CONFIG;
}

/* VM_ERR_NOT_FOUND when there is no such file. */
static int read_file(const char *path, char key[UPLOAD_KEY_MAX], struct vm_error *err)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[UPLOAD_KEY_MAX];
	struct stat about;
	ssize_t got;

	if (file < 0 && errno == ENOENT)
		return vm_fail(err, VM_ERR_NOT_FOUND, "open %s: no such file", path);
	if (file < 0)
		return fail_file(err, "open", path);
	got = fstat(file, &about) == 0 ? read(file, text, sizeof text - 1) : -1;
	close(file);
	if (got < 0)
		return fail_file(err, "read", path);
	text[got] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: others may read this key: chmod 600 it, or remove it and a new one is "
		               "made",
		               path);
	if (strlen(text) < KEY_LEAST)
		return vm_fail(err, VM_ERR_CONFIG, "%s: no key in it: remove it and a new one is made",
		               path);
	memcpy(key, text, strlen(text) + 1);
	return VM_OK;
}

static int sync_folder(const char *path, struct vm_error *err)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed = folder < 0 || fsync(folder) != 0;
	int status = failed ? fail_file(err, "sync", path) : VM_OK;

	if (folder >= 0)
		close(folder);
	return status;
}

/* Whole or not at all: written under another name and linked; the first copy to link wins. */
static int make_file(const char *path, const char *state_dir, struct vm_error *err)
{
	char key[2 * KEY_BYTES + 1];
	char draft[PATH_MAX];
	char nonce[17];
	int status = VM_OK;
	int file;

	random_hex(key, KEY_BYTES);
	random_hex(nonce, (sizeof nonce - 1) / 2);
	if (snprintf(draft, sizeof draft, "%s.%s", path, nonce) >= (int)sizeof draft)
		return vm_fail(err, VM_ERR_CONFIG, "%s: the path is too long", path);
	file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (file < 0)
		return fail_file(err, "create", draft);
	key[2 * KEY_BYTES] = '\n';
	if (write(file, key, sizeof key) != (ssize_t)sizeof key || fsync(file) != 0)
		status = fail_file(err, "write", draft);
	else if (link(draft, path) != 0 && errno != EEXIST)
		status = fail_file(err, "create", path);
	close(file);
	unlink(draft);
	return status == VM_OK ? sync_folder(state_dir, err) : status;
}

int upload_key_read(const char *setting, const char *state_dir, char key[UPLOAD_KEY_MAX],
                    struct vm_error *err)
{
	char path[PATH_MAX];
	int status;

	if (setting != NULL && (strlen(setting) < KEY_LEAST || strlen(setting) >= UPLOAD_KEY_MAX))
		return vm_fail(err, VM_ERR_CONFIG,
		               "server.upload_key: between %d and %d characters, please: openssl rand "
		               "-hex 32 makes one",
		               KEY_LEAST, UPLOAD_KEY_MAX - 1);
	if (setting != NULL) {
		memcpy(key, setting, strlen(setting) + 1);
		return VM_OK;
	}
	if (snprintf(path, sizeof path, "%s/upload.key", state_dir) >= (int)sizeof path)
		return vm_fail(err, VM_ERR_CONFIG, "%s: the path is too long", state_dir);
	if ((status = read_file(path, key, err)) != VM_ERR_NOT_FOUND ||
	    (status = make_file(path, state_dir, err)) != VM_OK)
		return status;
	return read_file(path, key, err);
}
