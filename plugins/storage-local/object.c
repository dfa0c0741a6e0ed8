/* object.c - looking at, reading and removing one object. */
#include "object.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "kit/fail.h"
#include "kit/lock.h"
#include "place.h"

void etag_describe(const struct stat *file, char etag[VM_ETAG_MAX])
{
	/* Objects are replaced, never written to, so another inode is another object; size and
	 * time are for numbers that come back, and for people with an editor. */
	snprintf(etag, VM_ETAG_MAX, "%" PRIx64 "-%" PRIx64 "-%" PRIx64 ".%09ld", (uint64_t)file->st_ino,
	         (uint64_t)file->st_size, (uint64_t)file->st_mtim.tv_sec, file->st_mtim.tv_nsec);
}

int64_t modified_ms(const struct stat *file)
{
	return (int64_t)file->st_mtim.tv_sec * 1000 + (int64_t)file->st_mtim.tv_nsec / 1000000;
}

void object_describe(const struct stat *file, struct vm_object *out)
{
	out->bytes = (uint64_t)file->st_size;
	out->modified_ms = modified_ms(file);
	etag_describe(file, out->etag);
}

/* Opens a plain file or, with `folder_too`, a folder. 0 or errno. */
static int open_found(int folder, const char *name, bool folder_too, int *fd, struct stat *file)
{
	/* O_NONBLOCK: a pipe that somebody put there must not hold us up. */
	int found = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int code = 0;

	if (found < 0)
		return errno == ELOOP || errno == ENOTDIR || errno == ENXIO ? ENOENT : errno;
	if (fstat(found, file) != 0)
		code = errno;
	else if (!S_ISREG(file->st_mode) && !(folder_too && S_ISDIR(file->st_mode)))
		code = ENOENT;
	if (code == 0)
		*fd = found;
	else
		close(found);
	return code;
}

int object_open(int folder, const char *name, int *fd, struct stat *file)
{
	int found, code;

	/* A file becomes a folder that holds it in one step, so one of the two is found. */
	code = open_found(folder, name, true, &found, file);
	if (code == 0 && S_ISDIR(file->st_mode)) {
		code = open_found(found, ITSELF, false, fd, file);
		close(found);
	} else if (code == 0) {
		*fd = found;
	}
	return code;
}

int object_open_key(struct store *store, const char *key, int *fd, struct stat *file)
{
	struct place place;
	int code = place_open(store, key, false, &place);

	if (code == 0)
		code = object_open(place.folder, place.name, fd, file);
	place_close(&place);
	return code == ENOTDIR ? ENOENT : code;
}

static int open_object(struct store *store, const char *key, int *fd, struct stat *file,
                       const char *what, struct vm_error *err)
{
	int code = object_open_key(store, key, fd, file);

	if (code == ENOENT)
		return vm_fail(err, VM_ERR_NOT_FOUND, "%s: no such object", what);
	if (code != 0)
		return kit_fail_errno(err, code, store->root, "%s", what);
	return VM_OK;
}

int object_stat(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
                struct vm_error *err)
{
	struct store *store = self;
	char what[WHAT_MAX];
	struct stat file;
	int status, fd;

	status = store_begin(store, "stat", key, what, call, err);
	if (status != VM_OK)
		return status;
	status = open_object(store, key, &fd, &file, what, err);
	if (status != VM_OK)
		return status;
	close(fd);
	object_describe(&file, out);
	return VM_OK;
}

static int read_range(struct store *store, int fd, uint64_t offset, char *buffer, size_t length,
                      const char *what, const struct vm_call *call, struct vm_error *err)
{
	size_t done = 0;

	while (done < length) {
		size_t chunk = length - done < CHUNK_BYTES ? length - done : CHUNK_BYTES;
		int status = vm_call_check(call, what, err);
		ssize_t got;

		if (status != VM_OK)
			return status;
		got = pread(fd, buffer + done, chunk, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return kit_fail_errno(err, errno, store->root, "%s", what);
		if (got == 0)
			return vm_fail(err, VM_ERR_CONFLICT, "%s: the file was cut short by another program",
			               what);
		done += (size_t)got;
	}
	return VM_OK;
}

int object_read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
                   size_t length, size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	char what[WHAT_MAX], current[VM_ETAG_MAX];
	uint64_t left;
	struct stat file;
	int status, fd;

	status = store_begin(store, "read", key, what, call, err);
	if (status != VM_OK)
		return status;
	status = open_object(store, key, &fd, &file, what, err);
	if (status != VM_OK)
		return status;

	etag_describe(&file, current);
	left = offset < (uint64_t)file.st_size ? (uint64_t)file.st_size - offset : 0;
	if (length > left)
		length = (size_t)left;
	if (etag != NULL && strcmp(etag, current) != 0)
		status = vm_fail(err, VM_ERR_CONFLICT, "%s: replaced: its etag is %s, not %s", what,
		                 current, etag);
	else
		status = read_range(store, fd, offset, buffer, length, what, call, err);
	close(fd);
	if (status == VM_OK)
		*got = length;
	return status;
}

/* Unlinks the object at the place, in whichever form it is there. 0 or errno. */
static int unlink_object(struct place *place)
{
	struct stat file;
	int code, fd;

	/* What is no object is not ours to remove. */
	code = object_open(place->folder, place->name, &fd, &file);
	if (code != 0)
		return code;
	close(fd);
	code = unlinkat(place->folder, place->name, 0) == 0 ? 0 : errno;
	if (code != EISDIR)
		return code;
	code = place_enter(place);
	if (code == 0 && unlinkat(place->folder, place->name, 0) != 0)
		code = errno;
	return code;
}

int object_remove(void *self, const char *key, const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	struct place place;
	char what[WHAT_MAX];
	int status, code;

	status = store_begin(store, "remove", key, what, call, err);
	if (status != VM_OK)
		return status;
	code = place_open(store, key, false, &place);
	if (code == 0) {
		/* A file that is removed must not come back in a folder: see make_folder. */
		status = kit_lock(place.folder, what, call, err);
		if (status == VM_OK)
			code = unlink_object(&place);
		/* Also when it was gone: whoever removed it may have died before this. */
		if (status == VM_OK && (code == 0 || code == ENOENT))
			code = place_prune(&place);
	}
	place_close(&place);
	if (code == 0 || code == ENOENT || code == ENOTDIR)
		return status;
	return kit_fail_errno(err, code, store->root, "%s", what);
}
