/* option_secret.c - a secret is written env:NAME or file:/path and read by the host alone. */
#include "plugin/option_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int keep(const char *secret, size_t length, struct option_memory **memory, const char **out,
                struct vm_error *err)
{
	const char *copy = option_memory_copy(memory, secret, length);

	if (copy == NULL)
		return vm_fail_memory(err);
	*out = copy;
	return VM_OK;
}

static int take_variable(const char *name, struct option_memory **memory, const char **out,
                         struct vm_error *err)
{
	const char *secret = getenv(name);

	if (secret == NULL)
		return vm_fail(err, VM_ERR_CONFIG, "the environment variable %s is not set", name);
	if (*secret == '\0')
		return vm_fail(err, VM_ERR_CONFIG, "the environment variable %s is empty", name);
	return keep(secret, strlen(secret), memory, out, err);
}

/* Up to `size` bytes of the file. Fails with errno. */
static int read_bytes(const char *path, char *bytes, size_t size, size_t *got, bool *is_exposed)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat info;
	ssize_t n = -1;
	int error;

	if (fd < 0)
		return -1;
	*got = 0;
	if (fstat(fd, &info) == 0) {
		*is_exposed = (info.st_mode & S_IROTH) != 0;
		do {
			n = read(fd, bytes + *got, size - *got);
			if (n > 0)
				*got += (size_t)n;
		} while ((n > 0 && *got < size) || (n < 0 && errno == EINTR));
	}
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? -1 : 0;
}

/* `bytes` has room for one more than a secret may have. */
static int read_file(const char *path, char *bytes, size_t *length, bool *is_exposed,
                     struct vm_error *err)
{
	if (*path != '/')
		return vm_fail(err, VM_ERR_CONFIG, "file:%s must name an absolute path", path);
	if (read_bytes(path, bytes, OPTION_SECRET_MAX + 1, length, is_exposed) != 0)
		return vm_fail(err, VM_ERR_CONFIG, "%s: %s", path, strerror(errno));
	if (*length > OPTION_SECRET_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "%s: a secret has at most 64 KiB", path);
	if (memchr(bytes, '\0', *length) != NULL)
		return vm_fail(err, VM_ERR_CONFIG, "%s: there is a NUL byte in it", path);
	if (*length > 0 && bytes[*length - 1] == '\n')
		--*length;
	if (*length == 0)
		return vm_fail(err, VM_ERR_CONFIG, "%s: it is empty", path);
	return VM_OK;
}

static int take_file(const char *path, struct option_memory **memory, const char **out,
                     bool *is_exposed, struct vm_error *err)
{
	struct option_memory *scratch = NULL;
	char *bytes = option_memory_take(&scratch, OPTION_SECRET_MAX + 1, 1);
	size_t length = 0;
	int status;

	if (bytes == NULL)
		return vm_fail_memory(err);
	status = read_file(path, bytes, &length, is_exposed, err);
	if (status == VM_OK)
		status = keep(bytes, length, memory, out, err);
	option_memory_free(scratch);
	return status;
}

int option_secret_read(const char *text, struct option_memory **memory, const char **out,
                       bool *is_exposed, struct vm_error *err)
{
	*is_exposed = false;
	if (strncmp(text, "env:", 4) == 0 && text[4] != '\0')
		return take_variable(text + 4, memory, out, err);
	if (strncmp(text, "file:", 5) == 0 && text[5] != '\0')
		return take_file(text + 5, memory, out, is_exposed, err);
	return vm_fail(err, VM_ERR_CONFIG,
	               "a secret does not stand in this file; write \"env:NAME\" or \"file:/path\"");
}
