/* upload_folder.c - an upload is a folder: made, found, locked and dropped in one step each. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "draft.h"
#include "kit/fail.h"
#include "kit/folder.h"
#include "kit/lock.h"
#include "tmp.h"
#include "upload.h"

static const char key_file[] = "key";

void part_name(uint32_t number, char name[PART_NAME_MAX])
{
	snprintf(name, PART_NAME_MAX, "part-%05u", number);
}

/* 0 or errno. */
static int write_key(int folder, const char *key)
{
	int fd = openat(folder, key_file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t length = strlen(key);
	ssize_t written;
	int code = 0;

	if (fd < 0)
		return errno;
	written = write(fd, key, length);
	if (written >= 0 && (size_t)written != length)
		code = ENOSPC;
	else if (written < 0 || fsync(fd) != 0)
		code = errno;
	close(fd);
	return code;
}

int upload_make(struct store *store, const char *upload, const char *key)
{
	int folder = kit_folder_enter(store->tmp, upload, true);
	int code;

	if (folder < 0)
		return errno;
	/* Filled in tmp/ and moved, so that no upload is ever seen without its key. */
	code = write_key(folder, key);
	if (code == 0 &&
	    (fsync(folder) != 0 || renameat(store->tmp, upload, store->uploads, upload) != 0 ||
	     fsync(store->uploads) != 0))
		code = errno;
	close(folder);
	return code;
}

/* The key that the upload was begun for, and when. 0 or errno. */
static int read_key(int folder, char key[VM_KEY_MAX], struct stat *file)
{
	int fd = openat(folder, key_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t length;
	int code = 0;

	if (fd < 0)
		return errno;
	length = read(fd, key, VM_KEY_MAX - 1);
	if (length < 0 || fstat(fd, file) != 0)
		code = errno;
	else
		key[length] = '\0';
	close(fd);
	return code;
}

static bool is_upload(const char *upload)
{
	return strspn(upload, "0123456789abcdef") == DRAFT_NAME_MAX - 1 &&
	       upload[DRAFT_NAME_MAX - 1] == '\0';
}

int upload_find(struct store *store, const char *upload, int *folder, char key[VM_KEY_MAX],
                int64_t *begun_ms)
{
	struct stat file;
	int fd, code;

	if (!is_upload(upload))
		return ENOENT;
	fd = kit_folder_enter(store->uploads, upload, false);
	if (fd < 0)
		return errno;
	code = read_key(fd, key, &file);
	if (code != 0) {
		close(fd);
		return code;
	}
	*folder = fd;
	*begun_ms = modified_ms(&file);
	return 0;
}

int upload_open(struct store *store, const char *key, const char *upload, int *folder,
                const char *what, struct vm_error *err)
{
	char its_key[VM_KEY_MAX];
	int64_t begun_ms;
	int fd, code;

	code = upload_find(store, upload, &fd, its_key, &begun_ms);
	if (code == 0 && strcmp(key, its_key) != 0) {
		close(fd);
		code = ENOENT;
	}
	if (code == ENOENT)
		return vm_fail(err, VM_ERR_NOT_FOUND, "%s: no such upload", what);
	if (code != 0)
		return kit_fail_errno(err, code, store->root, "%s", what);
	*folder = fd;
	return VM_OK;
}

/* An open folder says nothing about its being still in uploads/. */
bool upload_is_there(struct store *store, const char *upload)
{
	return faccessat(store->uploads, upload, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int upload_lock(struct store *store, const char *key, const char *upload, int *folder,
                const char *what, const struct vm_call *call, struct vm_error *err)
{
	int status, fd;

	status = upload_open(store, key, upload, &fd, what, err);
	if (status != VM_OK)
		return status;
	status = kit_lock(fd, what, call, err);
	if (status == VM_OK && !upload_is_there(store, upload))
		status = vm_fail(err, VM_ERR_NOT_FOUND, "%s: no such upload", what);
	if (status == VM_OK)
		*folder = fd;
	else
		close(fd);
	return status;
}

int upload_drop(struct store *store, const char *upload, const char *what, struct vm_error *err)
{
	if (renameat(store->uploads, upload, store->tmp, upload) != 0 || fsync(store->uploads) != 0)
		return kit_fail_errno(err, errno, store->root, "%s: drop the upload", what);
	/* What cannot be removed now is swept some day. */
	tmp_remove(store->tmp, upload);
	return VM_OK;
}
