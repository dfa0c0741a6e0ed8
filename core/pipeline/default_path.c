/* default_path.c - the pipeline file that is used when none is named. */
#include "pipeline/pipeline.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int pipeline_default_path(char *path, size_t size, struct vm_error *err)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	char *slash;
	int n;

	if (length < 0)
		return vm_fail(err, VM_ERR_CONFIG, "/proc/self/exe: %s", strerror(errno));
	program[length] = '\0';
	for (int up = 0; up < 2 && (slash = strrchr(program, '/')) != NULL; up++)
		*slash = '\0';
	n = snprintf(path, size, "%s/share/vidmill/pipelines/local.cfg", program);
	if (n < 0 || (size_t)n >= size)
		return vm_fail(err, VM_ERR_CONFIG, "%s: the path is too long", program);
	if (access(path, R_OK) != 0)
		return vm_fail(err, VM_ERR_NOT_FOUND, "no pipeline file is named, and %s: %s", path,
		               strerror(errno));
	return VM_OK;
}
