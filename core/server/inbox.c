/* inbox.c - files dropped into a folder become videos. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/inbox_file.h"
#include "server/loops.h"
#include "support/clock.h"
#include "support/log.h"

#define LOOK_EVERY_MS 500
/* A file that has not changed for this long, and that nobody holds open for writing, is whole. */
#define QUIET_MS 2000

/* The folder that the setting names; absolute, or below the state folder. */
static void folder_path(const struct server *server, char *path, size_t size)
{
	const char *inbox = server->pipeline->server.inbox;

	if (inbox[0] == '/')
		snprintf(path, size, "%s", inbox);
	else
		snprintf(path, size, "%s/%s", server->state_dir, inbox);
}

static int open_folder(const char *path)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A lease for reading is refused while anybody has the file open for writing (fcntl(2)). */
static bool is_being_written(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool busy;

	if (fd < 0)
		return true;
	busy = fcntl(fd, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
	if (!busy)
		(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	close(fd);
	return busy;
}

static bool is_whole(int folder, const char *name)
{
	struct stat st;
	int64_t changed_ms;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return false;
	changed_ms = (int64_t)st.st_ctim.tv_sec * 1000 + st.st_ctim.tv_nsec / 1000000;
	return clock_unix_ms() - changed_ms >= QUIET_MS && !is_being_written(folder, name);
}

typedef bool entry_fn(struct server *server, int folder, const char *name);

/* False when one of the visits failed. */
static bool each_entry(struct server *server, int folder, const char *name, entry_fn *visit)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	bool worked = true;

	if (list == NULL) {
		if (fd >= 0)
			close(fd);
		return true;
	}
	while (!cancel_triggered(server->stop) && (entry = readdir(list)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			worked = visit(server, folder, entry->d_name) && worked;
	closedir(list);
	return worked;
}

/* Names that begin with a dot are those of copies in progress. */
static bool visit_dropped(struct server *server, int folder, const char *name)
{
	return name[0] == '.' || !is_whole(folder, name) || inbox_take(server, folder, name);
}

void *inbox_loop(void *ctx)
{
	struct server *server = ctx;
	struct loop_rest rest = {.pace_ms = LOOK_EVERY_MS};
	char path[4096];
	int folder;

	if (server->pipeline->server.inbox == NULL)
		return NULL;
	folder_path(server, path, sizeof path);
	folder = open_folder(path);
	if (folder < 0) {
		log_error("the inbox %s cannot be used: %s", path, strerror(errno));
		return NULL;
	}
	while (!cancel_triggered(server->stop)) {
		/* What a crash or an outage left half-way goes first. */
		bool worked = each_entry(server, folder, INBOX_TAKEN, inbox_go_on);

		worked = each_entry(server, folder, ".", visit_dropped) && worked;
		cancel_sleep_ms(server->stop, loop_rest_ms(&rest, worked));
	}
	close(folder);
	return NULL;
}
