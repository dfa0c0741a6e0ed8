/* record.c - the file that stands for a task: locked while it lives, then it says how it ended. */
#include "record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_S = 24 * 60 * 60 };

/*
 * The lock is of the kind that belongs to a process and not to a descriptor: the
 * task does not inherit it, asking for it disturbs nobody, and the kernel names
 * its holder in the pid namespace of whoever asks.
 */
static int read_open(int fd, struct record *record)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	ssize_t got;

	if (fcntl(fd, F_GETLK, &lock) != 0)
		return errno;
	record->is_there = true;
	if (lock.l_type != F_UNLCK) {
		record->is_living = true;
		record->keeper = lock.l_pid;
		return 0;
	}
	got = pread(fd, &record->end, sizeof record->end, 0);
	if (got < 0)
		return errno;
	record->has_end = got == (ssize_t)sizeof record->end;
	return 0;
}

int record_read(int tasks, const char *token, struct record *record)
{
	int fd = openat(tasks, token, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int code;

	*record = (struct record){0};
	if (fd < 0)
		return errno == ENOENT ? 0 : errno;
	code = read_open(fd, record);
	close(fd);
	return code;
}

/* Once let go, a record is never locked again, so a lock is not needed for this. */
static void remove_old(int tasks, const char *name, time_t now)
{
	struct stat file;

	if (fstatat(tasks, name, &file, AT_SYMLINK_NOFOLLOW) == 0 && now - file.st_mtim.tv_sec > KEPT_S)
		unlinkat(tasks, name, 0);
}

static int count_entries(DIR *listing, time_t now, uint32_t *living)
{
	struct record record;
	int code = 0;

	while (code == 0) {
		const struct dirent *entry;

		errno = 0;
		entry = readdir(listing);
		if (entry == NULL)
			return errno;
		if (entry->d_type == DT_DIR)
			continue;
		code = record_read(dirfd(listing), entry->d_name, &record);
		if (record.is_living)
			++*living;
		else if (record.is_there)
			remove_old(dirfd(listing), entry->d_name, now);
	}
	return code;
}

int record_count(int tasks, time_t now, uint32_t *living)
{
	int fd = openat(tasks, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
	uint32_t count = 0;
	int code;

	if (listing == NULL) {
		code = errno;
		if (fd >= 0)
			close(fd);
		return code;
	}
	code = count_entries(listing, now, &count);
	closedir(listing);
	*living = count;
	return code;
}

int record_open(int tasks, const char *draft)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd;

	/* Left over from a keeper that was killed before it could publish it. */
	unlinkat(tasks, draft, 0);
	fd = openat(tasks, draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && fcntl(fd, F_SETLK, &lock) != 0)
		return -1;
	return fd;
}

int record_publish(int tasks, const char *draft, const char *token)
{
	return renameat(tasks, draft, tasks, token);
}
