/* fail.c - a failed system call as a status and a sentence that says what to do. */
#include "kit/fail.h"

#include <errno.h>
#include <string.h>

struct meaning {
	int code;
	int status;
	const char *before, *after; /* the path stands between them */
};

static const struct meaning meanings[] = {
    {ENOSPC, VM_ERR_UNAVAILABLE, "disk full: make room on the file system of ", ""},
    {EDQUOT, VM_ERR_UNAVAILABLE, "disk quota used up: make room on the file system of ", ""},
    {EROFS, VM_ERR_CONFIG, "", " is on a read-only file system: name a folder that can be written"},
    {EACCES, VM_ERR_DENIED, "no permission in ", ": give it to the user that vidmill runs as"},
    {EPERM, VM_ERR_DENIED, "no permission in ", ": give it to the user that vidmill runs as"},
    {ENOTDIR, VM_ERR_CONFIG, "", " is not a folder: move it away or name another"},
    {EXDEV, VM_ERR_CONFIG, "the folders in ", " must lie on one file system"},
    {EFBIG, VM_ERR_UNSUPPORTED, "too long a file for the file system of ", ""},
    {ENOENT, VM_ERR_NOT_FOUND, "", " is not there"},
};

int kit_fail_errno(struct vm_error *err, int code, const char *path, const char *format, ...)
{
	struct meaning meaning = {code, VM_ERR_UNAVAILABLE, "", ": "};
	const char *reason = strerror(code);
	char what[sizeof err->message];
	va_list arguments;

	if (code == ENOMEM)
		return vm_fail_memory(err);
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		if (meanings[i].code == code) {
			meaning = meanings[i];
			reason = "";
		}
	}
	va_start(arguments, format);
	vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	vm_fail(err, meaning.status, "%s: %s%s%s%s", what, meaning.before, path, meaning.after, reason);
	if (err != NULL)
		err->native = code;
	return meaning.status;
}
