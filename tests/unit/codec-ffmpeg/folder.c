/* folder.c - outputs into a folder, held to the contract of the ABI. */
#include "folder.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_output {
	struct vm_output output;
	struct folder_outputs *folder;
	struct file_output *next;
	char name[256];
	uint64_t head_bytes, length;
	int descriptor;
};

static struct file_output *of_sink(struct vm_sink *sink)
{
	return (struct file_output *)(void *)sink;
}

static int write_all(int descriptor, const void *bytes, size_t length, uint64_t offset)
{
	const char *from = bytes;

	while (length > 0) {
		ssize_t count = pwrite(descriptor, from, length, (off_t)offset);

		if (count < 0)
			return -1;
		from += count;
		offset += (uint64_t)count;
		length -= (size_t)count;
	}
	return 0;
}

static int append(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct file_output *output = of_sink(sink);
	struct folder_outputs *folder = output->folder;
	bool full;

	pthread_mutex_lock(&folder->lock);
	folder->bytes += length;
	full = folder->bytes_max != 0 && folder->bytes > folder->bytes_max;
	pthread_mutex_unlock(&folder->lock);
	if (full)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "put %s: no room", output->name);
	if (write_all(output->descriptor, bytes, length, output->length) != 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "write %s: %s", output->name, strerror(errno));
	output->length += length;
	return VM_OK;
}

static int rewrite(struct vm_output *base, uint64_t offset, const void *bytes, size_t length,
                   struct vm_error *err)
{
	struct file_output *output = (struct file_output *)(void *)base;

	ck_assert_msg(offset + length <= output->head_bytes && offset + length <= output->length,
	              "%s: rewrite of %zu bytes at %llu, head %llu, written %llu", output->name, length,
	              (unsigned long long)offset, (unsigned long long)output->head_bytes,
	              (unsigned long long)output->length);
	if (write_all(output->descriptor, bytes, length, offset) != 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "write %s: %s", output->name, strerror(errno));
	return VM_OK;
}

/* Takes an output out of the list of those that are open, and frees it. */
static void forget(struct folder_outputs *folder, struct file_output *output)
{
	struct file_output **at = &folder->open;

	while (*at != output)
		at = &(*at)->next;
	*at = output->next;
	close(output->descriptor);
	free(output);
}

static int close_output(struct vm_output *base, struct vm_error *err)
{
	struct file_output *output = (struct file_output *)(void *)base;
	struct folder_outputs *folder = output->folder;
	size_t used;

	(void)err;
	pthread_mutex_lock(&folder->lock);
	used = strlen(folder->log);
	snprintf(folder->log + used, sizeof folder->log - used, "%s\n", output->name);
	folder->closed++;
	forget(folder, output);
	pthread_mutex_unlock(&folder->lock);
	return VM_OK;
}

static void make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

static int open_output(struct vm_outputs *outputs, const struct vm_output_want *want,
                       struct vm_output **out, struct vm_error *err)
{
	struct folder_outputs *folder = (struct folder_outputs *)(void *)outputs;
	struct file_output *output = calloc(1, sizeof *output);
	char path[512];

	ck_assert_ptr_nonnull(output);
	ck_assert_ptr_nonnull(want->content_type);
	snprintf(path, sizeof path, "%s/%s", folder->path, want->name);
	make_parents(path);
	output->descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (output->descriptor < 0) {
		free(output);
		return vm_fail(err, VM_ERR_BUG, "open %s: %s", want->name, strerror(errno));
	}
	output->output = (struct vm_output){{append}, rewrite, close_output};
	output->folder = folder;
	output->head_bytes = want->head_bytes;
	snprintf(output->name, sizeof output->name, "%s", want->name);
	pthread_mutex_lock(&folder->lock);
	output->next = folder->open;
	folder->open = output;
	pthread_mutex_unlock(&folder->lock);
	*out = &output->output;
	return VM_OK;
}

void folder_outputs_init(struct folder_outputs *folder, const char *path)
{
	memset(folder, 0, sizeof *folder);
	folder->outputs.open = open_output;
	pthread_mutex_init(&folder->lock, NULL);
	snprintf(folder->path, sizeof folder->path, "%s", path);
}

void folder_outputs_drop(struct folder_outputs *folder)
{
	while (folder->open != NULL)
		forget(folder, folder->open);
}
