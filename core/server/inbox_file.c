/* inbox_file.c - one dropped file on its way to being a video; each step survives a kill. */
#include "server/inbox_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/loops.h"
#include "server/upload_receiver.h"
#include "server/videos.h"
#include "support/call.h"
#include "support/crash_point.h"
#include "support/log.h"
#include "video/keys.h"

#define BLOCK_BYTES (1 << 20)

/* The video's folder in INBOX_TAKEN; -1 with errno. */
static int make_taken(int folder, const char *video)
{
	char path[sizeof INBOX_TAKEN + VIDEO_ID_MAX + 1];

	snprintf(path, sizeof path, INBOX_TAKEN "/%s", video);
	if ((mkdirat(folder, INBOX_TAKEN, 0700) != 0 && errno != EEXIST) ||
	    (mkdirat(folder, path, 0700) != 0 && errno != EEXIST))
		return -1;
	return openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void remove_taken(int folder, const char *video, int taken, const char *name)
{
	char path[sizeof INBOX_TAKEN + VIDEO_ID_MAX + 1];

	snprintf(path, sizeof path, INBOX_TAKEN "/%s", video);
	if ((name != NULL && unlinkat(taken, name, 0) != 0) ||
	    unlinkat(folder, path, AT_REMOVEDIR) != 0)
		log_warning("removing %s from the inbox: %s", path, strerror(errno));
}

/* The one file in a video's folder; false when the folder is empty. */
static bool find_name(int taken, char *name, size_t size)
{
	int fd = dup(taken);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry = NULL;
	bool found = false;

	if (list == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	rewinddir(list);
	while (!found && (entry = readdir(list)) != NULL) {
		found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
		if (found)
			snprintf(name, size, "%s", entry->d_name);
	}
	closedir(list);
	return found;
}

static int copy(int fd, const char *name, struct receiver *receiver, char *block,
                struct vm_error *err)
{
	ssize_t got;
	int status = VM_OK;

	while (status == VM_OK && (got = read(fd, block, BLOCK_BYTES)) != 0) {
		if (got < 0)
			return vm_fail(err, VM_ERR_UNAVAILABLE, "reading %s: %s", name, strerror(errno));
		status = receiver_take(receiver, block, (size_t)got, err);
	}
	return status == VM_OK ? receiver_commit(receiver, err) : status;
}

static int store(struct server *server, const char *video, int fd, const char *name,
                 struct vm_error *err)
{
	char key[VM_KEY_MAX];
	struct receiver_want want = {.storage = server->places.storage_unprocessed,
	                             .key = key_source(video, key),
	                             .bytes_known = true,
	                             .cancel = server->stop};
	struct receiver *receiver = NULL;
	char *block = malloc(BLOCK_BYTES);
	struct stat st;
	int status;

	if (block == NULL)
		return vm_fail_memory(err);
	if (fstat(fd, &st) != 0) {
		status = vm_fail(err, VM_ERR_UNAVAILABLE, "stat %s: %s", name, strerror(errno));
	} else {
		want.bytes_most = (uint64_t)st.st_size;
		status = receiver_create(&want, &receiver, err);
	}
	if (status == VM_OK)
		status = copy(fd, name, receiver, block, err);
	receiver_destroy(receiver);
	free(block);
	/* It was stored before a crash kept us from removing the file. */
	return status == VM_ERR_CONFLICT ? VM_OK : status;
}

static int carry(struct server *server, const char *id, int taken, const char *name,
                 struct vm_error *err)
{
	int fd = openat(taken, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct video video;
	struct call call;
	int status;

	if (fd < 0)
		return vm_fail(err, VM_ERR_DENIED, "opening %s: %s", name, strerror(errno));
	status = store(server, id, fd, name, err);
	close(fd);
	if (status != VM_OK)
		return status;
	call_init(&call, server->abort, LOOP_CALL_MS);
	status = videos_complete(server, id, NULL, &video, &call.vm, err);
	/* Completed before, or removed meanwhile: either way the file has done its duty. */
	return status == VM_ERR_CONFLICT || status == VM_ERR_NOT_FOUND ? VM_OK : status;
}

bool inbox_go_on(struct server *server, int folder, const char *video)
{
	struct log_scope scope = {.video = video};
	int taken = make_taken(folder, video);
	char name[256];
	bool worked = true;
	struct vm_error err;

	log_enter(&scope);
	if (taken < 0) {
		log_warning("the inbox: %s", strerror(errno));
		worked = false;
	} else if (!find_name(taken, name, sizeof name)) {
		remove_taken(folder, video, taken, NULL);
	} else if (carry(server, video, taken, name, &err) != VM_OK) {
		if (!cancel_triggered(server->stop))
			log_warning("taking %s from the inbox, which is tried again: %s", name, err.message);
		worked = false;
	} else {
		CRASH_POINT(SERVER_INBOX_STORED);
		log_info("took %s from the inbox", name);
		remove_taken(folder, video, taken, name);
	}
	if (taken >= 0)
		close(taken);
	log_leave(&scope);
	return worked;
}

bool inbox_take(struct server *server, int folder, const char *name)
{
	struct video_create create = {.name = name};
	struct vm_error err;
	struct video video;
	struct call call;
	int taken;

	call_init(&call, server->stop, LOOP_CALL_MS);
	if (videos_create(server, &create, &video, &call.vm, &err) != VM_OK) {
		log_warning("%s in the inbox, which is tried again: %s", name, err.message);
		return false;
	}
	taken = make_taken(folder, video.id);
	/* The move is the claim: of several servers that watch one folder, one wins. */
	if (taken < 0 || renameat(folder, name, taken, name) != 0)
		log_info("%s in the inbox was not taken: %s", name, strerror(errno));
	else
		CRASH_POINT(SERVER_INBOX_MOVED);
	if (taken >= 0)
		close(taken);
	return inbox_go_on(server, folder, video.id);
}
