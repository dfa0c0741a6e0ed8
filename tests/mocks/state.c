/* state.c - the memory of a mock, as files in its folder. */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "kit/fail.h"

#define FILE_NAME "state.json"
#define NEW_NAME "state.json.new"

int64_t state_unix_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int read_root(struct state *state, struct vm_error *err)
{
	int descriptor = openat(state->folder, FILE_NAME, O_RDONLY | O_CLOEXEC);
	FILE *file = descriptor >= 0 ? fdopen(descriptor, "r") : NULL;

	if (descriptor < 0 && errno != ENOENT)
		return kit_fail_errno(err, errno, FILE_NAME, "open the state");
	if (descriptor < 0)
		state->root = json_object();
	else if (file != NULL)
		state->root = json_loadf(file, JSON_ALLOW_NUL, NULL);
	if (file != NULL)
		fclose(file);
	else if (descriptor >= 0)
		close(descriptor);
	if (state->root == NULL)
		return vm_fail(err, VM_ERR_BUG, "the mock's own state is damaged");
	return VM_OK;
}

int state_enter(const char *dir, struct state *out, struct vm_error *err)
{
	struct state state = {.folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	int status = VM_OK;

	*out = (struct state){.folder = -1};
	if (state.folder < 0)
		return kit_fail_errno(err, errno, dir, "open the state");
	/* Nobody holds it for long: what a script makes slow is slow outside. */
	while (flock(state.folder, LOCK_EX) != 0 && status == VM_OK)
		if (errno != EINTR)
			status = kit_fail_errno(err, errno, dir, "lock the state");
	if (status == VM_OK)
		status = read_root(&state, err);
	if (status == VM_OK)
		*out = state;
	else
		state_leave(&state);
	return status;
}

static int write_all(int file, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = write(file, bytes, length);

		if (count < 0 && errno != EINTR)
			return -1;
		bytes += count > 0 ? count : 0;
		length -= count > 0 ? (size_t)count : 0;
	}
	return 0;
}

int state_save(struct state *state, struct vm_error *err)
{
	int file = openat(state->folder, NEW_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char *text = json_dumps(state->root, JSON_COMPACT);
	int written = file >= 0 && text != NULL ? write_all(file, text, strlen(text)) : -1;

	free(text);
	if (file >= 0)
		close(file);
	/* A mock survives kill -9, not a power cut: nothing is synced. */
	if (written != 0 || renameat(state->folder, NEW_NAME, state->folder, FILE_NAME) != 0)
		return kit_fail_errno(err, errno, FILE_NAME, "save the state");
	return VM_OK;
}

void state_unlock(struct state *state)
{
	if (state->folder >= 0)
		close(state->folder);
	state->folder = -1;
}

void state_leave(struct state *state)
{
	state_unlock(state);
	json_decref(state->root);
	state->root = NULL;
}

json_t *state_object(const struct state *state, const char *name)
{
	json_t *object = json_object_get(state->root, name);

	if (object != NULL)
		return object;
	if (json_object_set_new(state->root, name, json_object()) != 0)
		return NULL;
	return json_object_get(state->root, name);
}

json_int_t state_next(const struct state *state)
{
	json_int_t number = json_integer_value(json_object_get(state->root, "last")) + 1;

	return json_object_set_new(state->root, "last", json_integer(number)) == 0 ? number : 0;
}

static int open_bytes(const struct state *state, json_int_t number, int how)
{
	char name[32];

	snprintf(name, sizeof name, "%lld.bytes", (long long)number);
	return openat(state->folder, name, how | O_CLOEXEC, 0600);
}

int state_write_bytes(const struct state *state, json_int_t number, const void *bytes,
                      size_t length, struct vm_error *err)
{
	int file = open_bytes(state, number, O_WRONLY | O_CREAT | O_TRUNC);
	int written = file < 0 ? -1 : write_all(file, bytes, length);
	int error = errno;

	if (file >= 0)
		close(file);
	return written == 0 ? VM_OK : kit_fail_errno(err, error, "the state", "write bytes");
}

int state_append_bytes(const struct state *state, json_int_t number, json_int_t from,
                       struct vm_error *err)
{
	int file = open_bytes(state, number, O_WRONLY | O_CREAT | O_APPEND);
	uint64_t offset = 0;
	char buffer[65536];
	size_t got = 1;
	int status = VM_OK;

	while (file >= 0 && status == VM_OK && got > 0) {
		status = state_read_bytes(state, from, offset, buffer, sizeof buffer, &got, err);
		if (status == VM_OK && write_all(file, buffer, got) != 0)
			status = kit_fail_errno(err, errno, "the state", "write bytes");
		offset += got;
	}
	if (file < 0)
		return kit_fail_errno(err, errno, "the state", "write bytes");
	close(file);
	return status;
}

int state_read_bytes(const struct state *state, json_int_t number, uint64_t offset, void *buffer,
                     size_t length, size_t *got, struct vm_error *err)
{
	int file = open_bytes(state, number, O_RDONLY);
	char *bytes = buffer;
	size_t total = 0;
	ssize_t count = file < 0 ? -1 : 1;

	/* Files are read to their end: an offset that no file has is behind every end. */
	while (count > 0 && total < length && offset < INT64_MAX) {
		count = pread(file, bytes + total, length - total, (off_t)(offset + total));
		total += count > 0 ? (size_t)count : 0;
	}
	if (count < 0)
		kit_fail_errno(err, errno, "the state", "read bytes");
	if (file >= 0)
		close(file);
	if (count < 0)
		return VM_ERR_UNAVAILABLE;
	*got = total;
	return VM_OK;
}

void state_remove_bytes(const struct state *state, json_int_t number)
{
	char name[32];

	snprintf(name, sizeof name, "%lld.bytes", (long long)number);
	unlinkat(state->folder, name, 0);
}
