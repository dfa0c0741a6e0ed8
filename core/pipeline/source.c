/* source.c - the text of a pipeline file with its includes in place, and where each line stood. */
#include "pipeline/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int source_init(struct source *source, struct vm_error *err)
{
	*source = (struct source){0};
	buffer_init(&source->text, 2 * SOURCE_BYTES_MAX);
	return hash_create(&source->hash, err);
}

void source_finish(struct source *source)
{
	for (unsigned i = 0; i < source->n_files; i++) {
		free(source->files[i].path);
		buffer_finish(&source->files[i].bytes);
	}
	hash_destroy(source->hash);
	buffer_finish(&source->text);
	free(source->lines);
	*source = (struct source){0};
}

static int append_file(int fd, struct buffer *bytes, struct vm_error *err)
{
	char block[4096];
	struct stat info;
	ssize_t n;
	int status;

	if (fstat(fd, &info) != 0)
		return vm_fail(err, VM_ERR_CONFIG, "%s", strerror(errno));
	if (!S_ISREG(info.st_mode))
		return vm_fail(err, VM_ERR_CONFIG, "not a regular file");
	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n < 0 && errno != EINTR)
			return vm_fail(err, VM_ERR_CONFIG, "%s", strerror(errno));
		if (n < 0)
			continue;
		if (memchr(block, '\0', (size_t)n) != NULL)
			return vm_fail(err, VM_ERR_CONFIG, "there is a NUL byte in it");
		status = buffer_append(bytes, block, (size_t)n, err);
		if (status != VM_OK)
			return status;
	}
	return VM_OK;
}

int source_add_file(struct source *source, const char *path, struct vm_error *err)
{
	struct source_file *file = &source->files[source->n_files];
	int fd, status;

	if (source->n_files == SOURCE_FILES_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "more than %d files are included", SOURCE_FILES_MAX - 1);
	file->path = strdup(path);
	if (file->path == NULL)
		return vm_fail_memory(err);
	buffer_init(&file->bytes, SOURCE_BYTES_MAX);
	source->n_files++;

	/* O_NONBLOCK: a named pipe that nobody writes to must not hold us up. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return vm_fail(err, VM_ERR_CONFIG, "%s", strerror(errno));
	status = append_file(fd, &file->bytes, err);
	close(fd);
	if (status != VM_OK)
		return status;
	return hash_add(source->hash, file->bytes.bytes, file->bytes.length, err);
}

int source_begin_line(struct source *source, unsigned file, unsigned line, struct vm_error *err)
{
	struct source_line *lines;

	if ((source->n_lines & (source->n_lines + 1)) == 0) {
		lines = reallocarray(source->lines, 2 * (source->n_lines + 1), sizeof *lines);
		if (lines == NULL)
			return vm_fail_memory(err);
		source->lines = lines;
	}
	source->lines[source->n_lines++] = (struct source_line){.file = file, .line = line};
	return VM_OK;
}

const char *source_place(const struct source *source, unsigned text_line, unsigned *line)
{
	struct source_line place = {0};

	if (text_line > source->n_lines)
		text_line = (unsigned)source->n_lines;
	if (text_line > 0)
		place = source->lines[text_line - 1];
	*line = place.line;
	return source->n_files > 0 ? source->files[place.file].path : NULL;
}
