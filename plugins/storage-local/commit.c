/* commit.c - an upload's parts become one object. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "draft.h"
#include "kit/fail.h"
#include "object.h"
#include "upload.h"

/*
 * The file that the upload becomes, kept in its folder until all is done. When
 * the object turns out to be the very same file, an earlier commit came as far
 * as that and was interrupted: what is left is to take the upload away.
 */
static const char whole[] = "whole";

struct commit {
	struct store *store;
	const struct vm_put *put;
	const char *what;
	const struct vm_call *call;
	int folder; /* of the upload, locked */
};

static int fail_errno(const struct commit *commit, struct vm_error *err)
{
	return kit_fail_errno(err, errno, commit->store->root, "%s", commit->what);
}

/* Opens the part for reading when it is the one that is listed. */
static int open_part(const struct commit *commit, const struct vm_part *part, int *fd,
                     struct vm_error *err)
{
	char name[PART_NAME_MAX], etag[VM_ETAG_MAX];
	struct stat file;
	int part_fd;

	part_name(part->number, name);
	part_fd = openat(commit->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (part_fd < 0 && errno == ENOENT)
		return vm_fail(err, VM_ERR_CONFLICT, "%s: part %u was never uploaded", commit->what,
		               part->number);
	if (part_fd < 0)
		return fail_errno(commit, err);
	if (fstat(part_fd, &file) != 0) {
		close(part_fd);
		return fail_errno(commit, err);
	}
	etag_describe(&file, etag);
	if (part->bytes != (uint64_t)file.st_size || strcmp(part->etag, etag) != 0) {
		close(part_fd);
		return vm_fail(err, VM_ERR_CONFLICT,
		               "%s: part %u is not the one that is listed: it was uploaded again",
		               commit->what, part->number);
	}
	*fd = part_fd;
	return VM_OK;
}

static int check_parts(const struct commit *commit, const struct vm_part *parts, size_t count,
                       struct vm_error *err)
{
	if (count < 1 || count > PARTS_MAX)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: %zu parts: an upload has 1 to %d",
		               commit->what, count, PARTS_MAX);
	for (size_t i = 1; i < count; i++) {
		if (parts[i].number <= parts[i - 1].number)
			return vm_fail(err, VM_ERR_UNSUPPORTED,
			               "%s: part %u is listed behind part %u: they must be in order",
			               commit->what, parts[i].number, parts[i - 1].number);
	}
	return VM_OK;
}

static int copy_parts(const struct commit *commit, struct draft *draft, const struct vm_part *parts,
                      size_t count, struct vm_error *err)
{
	uint64_t done = 0, total = 0;
	int status = VM_OK;

	for (size_t i = 0; i < count; i++)
		total += parts[i].bytes;
	for (size_t i = 0; i < count && status == VM_OK; i++) {
		int part;

		status = open_part(commit, &parts[i], &part, err);
		if (status != VM_OK)
			return status;
		status = copy_bytes(commit->store, part, draft->fd, parts[i].bytes, &done, total,
		                    commit->what, commit->call, err);
		close(part);
	}
	return status;
}

/* Makes `whole` of several parts: a durable copy of all of them. */
static int join_parts(const struct commit *commit, const struct vm_part *parts, size_t count,
                      struct vm_error *err)
{
	struct store *store = commit->store;
	struct draft draft = {.fd = -1};
	struct stat file;
	int status;

	status = draft_open(store, &draft, commit->what, err);
	if (status == VM_OK)
		status = copy_parts(commit, &draft, parts, count, err);
	if (status == VM_OK)
		status = draft_seal(store, &draft, &file, commit->what, err);
	if (status == VM_OK && renameat(store->tmp, draft.name, commit->folder, whole) != 0)
		status = fail_errno(commit, err);
	draft_drop(store, &draft);
	return status;
}

/* Makes `whole` of the only part: another name of a file that is durable already. */
static int take_part(const struct commit *commit, const struct vm_part *part, struct vm_error *err)
{
	char name[PART_NAME_MAX];
	int status, fd;

	status = open_part(commit, part, &fd, err);
	if (status != VM_OK)
		return status;
	close(fd);
	part_name(part->number, name);
	if ((unlinkat(commit->folder, whole, 0) != 0 && errno != ENOENT) ||
	    linkat(commit->folder, name, commit->folder, whole, 0) != 0)
		return fail_errno(commit, err);
	return VM_OK;
}

/* Gives `whole` the key's name and keeps it in the upload too. */
static int publish_whole(const struct commit *commit, struct vm_error *err)
{
	struct store *store = commit->store;
	struct draft draft = {.fd = -1};
	char name[DRAFT_NAME_MAX];
	int status = draft_name(name, commit->what, err);

	if (status != VM_OK)
		return status;
	if (linkat(commit->folder, whole, store->tmp, name, 0) != 0)
		return fail_errno(commit, err);
	snprintf(draft.name, sizeof draft.name, "%s", name);
	status = draft_publish(store, &draft, commit->put->key, commit->put->if_absent, commit->what,
	                       commit->call, err);
	draft_drop(store, &draft);
	return status;
}

/* Whether an earlier commit of this upload has made the object. */
static bool is_published(const struct commit *commit)
{
	struct stat ours, there;
	int fd;

	if (fstatat(commit->folder, whole, &ours, AT_SYMLINK_NOFOLLOW) != 0 ||
	    object_open_key(commit->store, commit->put->key, &fd, &there) != 0)
		return false;
	close(fd);
	return ours.st_ino == there.st_ino;
}

static int make_object(const struct commit *commit, const struct vm_part *parts, size_t count,
                       struct vm_error *err)
{
	int status = VM_OK;

	/* Only if_absent needs to know: otherwise making it again is as good. */
	if (!commit->put->if_absent || !is_published(commit))
		status = count == 1 ? take_part(commit, parts, err) : join_parts(commit, parts, count, err);
	return status == VM_OK ? publish_whole(commit, err) : status;
}

int upload_commit(void *self, const struct vm_put *put, const char *upload,
                  const struct vm_part *parts, size_t count, struct vm_object *out,
                  const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	char what[WHAT_MAX];
	struct commit commit = {.store = store, .put = put, .what = what, .call = call};
	struct stat file;
	int status;

	status = store_begin(store, "commit upload of", put->key, what, call, err);
	if (status != VM_OK)
		return status;
	status = upload_lock(store, put->key, upload, &commit.folder, what, call, err);
	if (status != VM_OK)
		return status;
	status = check_parts(&commit, parts, count, err);
	if (status == VM_OK)
		status = make_object(&commit, parts, count, err);
	if (status == VM_OK && fstatat(commit.folder, whole, &file, AT_SYMLINK_NOFOLLOW) != 0)
		status = fail_errno(&commit, err);
	if (status == VM_OK)
		status = upload_drop(store, upload, what, err);
	close(commit.folder);
	if (status == VM_OK && out != NULL)
		object_describe(&file, out);
	return status;
}
