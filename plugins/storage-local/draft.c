/* draft.c - a file in tmp/ that nobody sees yet. */
#include "draft.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "kit/fail.h"
#include "object.h"

int draft_name(char name[DRAFT_NAME_MAX], const char *what, struct vm_error *err)
{
	unsigned char random[(DRAFT_NAME_MAX - 1) / 2];

	if (getentropy(random, sizeof random) != 0)
		return kit_fail_errno(err, errno, "the kernel's random numbers", "%s", what);
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(name + 2 * i, 3, "%02x", random[i]);
	return VM_OK;
}

int draft_open(struct store *store, struct draft *draft, const char *what, struct vm_error *err)
{
	char name[DRAFT_NAME_MAX];
	int status = draft_name(name, what, err);

	if (status != VM_OK)
		return status;
	draft->fd = openat(store->tmp, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (draft->fd < 0)
		return kit_fail_errno(err, errno, store->root, "%s", what);
	snprintf(draft->name, sizeof draft->name, "%s", name);
	return VM_OK;
}

int draft_write(struct store *store, struct draft *draft, const void *bytes, size_t length,
                const char *what, const struct vm_call *call, struct vm_error *err)
{
	const char *next = bytes;

	while (length > 0) {
		int status = vm_call_check(call, what, err);
		ssize_t written;

		if (status != VM_OK)
			return status;
		written = write(draft->fd, next, length < CHUNK_BYTES ? length : CHUNK_BYTES);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return kit_fail_errno(err, errno, store->root, "%s", what);
		next += written;
		length -= (size_t)written;
	}
	return VM_OK;
}

int draft_seal(struct store *store, struct draft *draft, struct stat *file, const char *what,
               struct vm_error *err)
{
	struct timespec now[2];
	int code = 0;

	/*
	 * The kernel's own stamp is only as fine as its tick, and an inode number may
	 * come back within one; two etags must differ all the same.
	 */
	clock_gettime(CLOCK_REALTIME, &now[0]);
	now[1] = now[0];
	if (futimens(draft->fd, now) != 0 || fsync(draft->fd) != 0 || fstat(draft->fd, file) != 0)
		code = errno;
	close(draft->fd);
	draft->fd = -1;
	if (code != 0)
		return kit_fail_errno(err, code, store->root, "%s: make it durable", what);
	return VM_OK;
}

void draft_drop(struct store *store, struct draft *draft)
{
	if (draft->fd >= 0)
		close(draft->fd);
	if (draft->name[0] != '\0')
		unlinkat(store->tmp, draft->name, 0);
	*draft = (struct draft){.fd = -1};
}

int object_put(void *self, const struct vm_put *put, const void *bytes, size_t length,
               struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	struct draft draft = {.fd = -1};
	char what[WHAT_MAX];
	struct stat file;
	int status;

	status = store_begin(store, "put", put->key, what, call, err);
	if (status == VM_OK)
		status = draft_open(store, &draft, what, err);
	if (status == VM_OK)
		status = draft_write(store, &draft, bytes, length, what, call, err);
	if (status == VM_OK)
		status = draft_seal(store, &draft, &file, what, err);
	if (status == VM_OK)
		status = draft_publish(store, &draft, put->key, put->if_absent, what, call, err);
	draft_drop(store, &draft);
	if (status == VM_OK && out != NULL)
		object_describe(&file, out);
	return status;
}
