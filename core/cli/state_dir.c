/* state_dir.c - the private folder of this machine's vidmill. */
#include "cli/state_dir.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/log.h"

static int choose(const char *given, char path[PATH_MAX], struct vm_error *err)
{
	const char *state_home = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n;

	if (given != NULL && *given == '\0')
		return vm_fail(err, VM_ERR_CONFIG, "--state names no folder");
	if (given != NULL)
		n = snprintf(path, PATH_MAX, "%s", given);
	else if (state_home != NULL && *state_home == '/') /* XDG: a relative one is to be ignored */
		n = snprintf(path, PATH_MAX, "%s/vidmill", state_home);
	else if (home != NULL && *home == '/')
		n = snprintf(path, PATH_MAX, "%s/.local/state/vidmill", home);
	else
		return vm_fail(err, VM_ERR_CONFIG, "neither HOME nor XDG_STATE_HOME is set: give --state");
	if (n < 0 || n >= PATH_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "the path of the state folder is too long");
	return VM_OK;
}

static int make_all(char *path, struct vm_error *err)
{
	for (char *end = path;; end++) {
		char c;

		end += strspn(end, "/");
		end += strcspn(end, "/");
		c = *end;
		*end = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return vm_fail(err, VM_ERR_CONFIG, "state folder: make %s: %s", path, strerror(errno));
		if (c == '\0')
			return VM_OK;
		*end = c;
	}
}

int state_dir_make(const char *given, char *path, size_t size, struct vm_error *err)
{
	char wanted[PATH_MAX], absolute[PATH_MAX];
	struct stat info;
	int status = choose(given, wanted, err);

	if (status == VM_OK)
		status = make_all(wanted, err);
	if (status != VM_OK)
		return status;
	if (realpath(wanted, absolute) == NULL || stat(absolute, &info) != 0)
		return vm_fail(err, VM_ERR_CONFIG, "state folder %s: %s", wanted, strerror(errno));
	if (!S_ISDIR(info.st_mode))
		return vm_fail(err, VM_ERR_CONFIG, "state folder %s: not a folder", absolute);
	if (access(absolute, R_OK | W_OK | X_OK) != 0)
		return vm_fail(err, VM_ERR_CONFIG, "state folder %s: %s", absolute, strerror(errno));
	if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		log_warning("state folder %s: others than its owner may use it; chmod 700 it", absolute);
	if (strlen(absolute) >= size)
		return vm_fail(err, VM_ERR_CONFIG, "state folder %s: the path is too long", absolute);
	memcpy(path, absolute, strlen(absolute) + 1);
	return VM_OK;
}
