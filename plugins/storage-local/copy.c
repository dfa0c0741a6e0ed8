/* copy.c - bytes from one file to another, by the kernel where it can. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "draft.h"
#include "kit/fail.h"

/* How much may be on its way to the disk before the copy waits for it. */
enum { WINDOW_BYTES = 8 << 20 };

/*
 * Copies by way of this process, for file systems that copy_file_range does not
 * know. The number of bytes, 0 at the end of the file, or -1 with errno.
 */
static ssize_t copy_by_hand(int from, int to, size_t length)
{
	char bytes[16384];
	ssize_t got = read(from, bytes, length < sizeof bytes ? length : sizeof bytes);

	for (ssize_t done = 0; done < got;) {
		ssize_t written = write(to, bytes + done, (size_t)(got - done));

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0)
			done += written;
	}
	return got;
}

/*
 * Starts the disk on what was copied since `start` and waits for all before it,
 * so that the fsync at the end, which nothing can cancel, finds little to do.
 */
static int write_behind(int to, uint64_t start)
{
	if (sync_file_range(to, (off_t)start, 0, SYNC_FILE_RANGE_WRITE) != 0)
		return errno;
	if (start > 0 && sync_file_range(to, 0, (off_t)start,
	                                 SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
	                                     SYNC_FILE_RANGE_WAIT_AFTER) != 0)
		return errno;
	return 0;
}

int copy_bytes(struct store *store, int from, int to, uint64_t bytes, uint64_t *done,
               uint64_t total, const char *what, const struct vm_call *call, struct vm_error *err)
{
	uint64_t end = *done + bytes, start = *done;
	bool by_hand = false;

	while (*done < end) {
		size_t chunk = end - *done < CHUNK_BYTES ? (size_t)(end - *done) : CHUNK_BYTES;
		int status = vm_call_check(call, what, err);
		ssize_t copied;

		if (status != VM_OK)
			return status;
		copied = by_hand ? copy_by_hand(from, to, chunk)
		                 : copy_file_range(from, NULL, to, NULL, chunk, 0);
		if (copied < 0 && (!by_hand || errno == EINTR)) {
			by_hand = true; /* whatever is really wrong shows there again */
			continue;
		}
		if (copied < 0)
			return kit_fail_errno(err, errno, store->root, "%s", what);
		if (copied == 0)
			return vm_fail(err, VM_ERR_CONFLICT, "%s: a part was cut short by another program",
			               what);
		*done += (uint64_t)copied;
		vm_call_progress(call, *done, total);
		if (*done - start >= WINDOW_BYTES) {
			int code = write_behind(to, start);

			if (code != 0)
				return kit_fail_errno(err, code, store->root, "%s: make it durable", what);
			start = *done;
		}
	}
	return VM_OK;
}
