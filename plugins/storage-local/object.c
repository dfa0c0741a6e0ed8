/* object.c - looking at, reading and removing one object. */
#include "object.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "kit/fail.h"
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

static int fail_absent(struct store *store, int code, const char *what, struct vm_error *err)
{
	if (code == ENOENT || code == ENOTDIR || code == ELOOP)
		return vm_fail(err, VM_ERR_NOT_FOUND, "%s: no such object", what);
	return kit_fail_errno(err, code, store->root, "%s", what);
}

int object_stat(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
                struct vm_error *err)
{
	struct store *store = self;
	struct place place;
	struct stat file;
	char what[WHAT_MAX];
	int status, code;

	status = store_begin(store, "stat", key, what, call, err);
	if (status != VM_OK)
		return status;
	code = place_open(store, key, false, &place);
	if (code == 0) {
		code = place_stat(&place, &file);
		place_close(&place);
	}
	if (code != 0)
		return fail_absent(store, code, what, err);
	object_describe(&file, out);
	return VM_OK;
}

/* Opens the object for reading. 0 or errno. */
static int open_object(struct store *store, const char *key, int *fd, struct stat *file)
{
	struct place place;
	int code = place_open(store, key, false, &place);

	if (code != 0)
		return code;
	/* O_NONBLOCK: a pipe that somebody put there must not hold us up. */
	*fd = openat(place.folder, place.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	code = *fd < 0 ? errno : 0;
	place_close(&place);
	if (code != 0)
		return code;
	if (fstat(*fd, file) != 0)
		code = errno;
	else if (!S_ISREG(file->st_mode))
		code = ENOENT;
	if (code != 0)
		close(*fd);
	return code;
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
	int status, code, fd;

	status = store_begin(store, "read", key, what, call, err);
	if (status != VM_OK)
		return status;
	code = open_object(store, key, &fd, &file);
	if (code != 0)
		return fail_absent(store, code, what, err);

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

int object_remove(void *self, const char *key, const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	struct place place;
	struct stat file;
	char what[WHAT_MAX];
	int status, code;

	status = store_begin(store, "remove", key, what, call, err);
	if (status != VM_OK)
		return status;
	code = place_open(store, key, false, &place);
	if (code == 0) {
		code = place_stat(&place, &file);
		if (code == 0 && unlinkat(place.folder, place.name, 0) != 0)
			code = errno;
		/* Also when it was gone: whoever removed it may have died before this. */
		if (code == 0 || code == ENOENT)
			code = place_prune(&place);
		else
			place_close(&place);
	}
	if (code == 0 || code == ENOENT || code == ENOTDIR)
		return VM_OK;
	return kit_fail_errno(err, code, store->root, "%s", what);
}
