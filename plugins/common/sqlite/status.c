/* status.c - SQLite's answers as decisions of the host and sentences that say what to do. */
#include <errno.h>
#include <string.h>

#include "kit/fail.h"
#include "sqlite/internal.h"

struct meaning {
	int code; /* without SQLite's extension */
	int status;
	const char *text;
};

static const struct meaning meanings[] = {
    {SQLITE_BUSY, VM_ERR_UNAVAILABLE, "another process has kept it locked for too long"},
    {SQLITE_LOCKED, VM_ERR_UNAVAILABLE, "another process has kept it locked for too long"},
    {SQLITE_PROTOCOL, VM_ERR_UNAVAILABLE, "another process has kept it locked for too long"},
    {SQLITE_FULL, VM_ERR_UNAVAILABLE, "disk full: make room on its file system"},
    {SQLITE_READONLY, VM_ERR_DENIED,
     "may not be written: give the file and its folder to the user that vidmill runs as"},
    {SQLITE_PERM, VM_ERR_DENIED,
     "may not be opened: give the file and its folder to the user that vidmill runs as"},
    /* Not VM_ERR_BAD_DATA: that would be said of what the caller has sent. */
    {SQLITE_CORRUPT, VM_ERR_UNAVAILABLE,
     "damaged: stop vidmill, then put a backup in its place or try sqlite3's .recover on it"},
    {SQLITE_NOTADB, VM_ERR_CONFIG,
     "not a database: move it away, or put a backup in its place, or name another state directory"},
    {SQLITE_TOOBIG, VM_ERR_LIMIT, "longer than SQLite can store"},
};

/* What the system said to SQLite; only some of it decides anything. */
static int fail_system(const struct connection *connection, int code, struct vm_error *err)
{
	const char *path = connection->database->path;
	int system = sqlite3_system_errno(connection->handle);

	if (code == SQLITE_IOERR_NOMEM)
		return vm_fail_memory(err);
	switch (system) {
	case ENOSPC:
	case EDQUOT:
	case EROFS:
	case EACCES:
	case EPERM:
		return kit_fail_errno(err, system, path, "%s", connection->operation.what);
	default:
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: %s: %s%s%s", connection->operation.what, path,
		               sqlite3_errstr(code), system != 0 ? ": " : "",
		               system != 0 ? strerror(system) : "");
	}
}

int connection_fail(struct connection *connection, int code, struct vm_error *err)
{
	const char *path = connection->database->path;
	int primary = code & 0xff;
	/* A wait or a computation that was cut short by the call is the call's end. */
	int status = primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY
	                 ? vm_call_check(connection->operation.call, connection->operation.what, err)
	                 : VM_OK;

	if (status != VM_OK)
		return status;
	connection->broken = primary != SQLITE_BUSY && primary != SQLITE_FULL;
	if (primary == SQLITE_NOMEM)
		return vm_fail_memory(err);
	if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) {
		status = fail_system(connection, code, err);
	} else {
		for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
			if (meanings[i].code == primary)
				status = vm_fail(err, meanings[i].status, "%s: %s: %s", connection->operation.what,
				                 path, meanings[i].text);
		}
	}
	if (status == VM_OK)
		status = vm_fail(err, VM_ERR_BUG, "%s: %s: %s", connection->operation.what, path,
		                 connection->handle != NULL ? sqlite3_errmsg(connection->handle)
		                                            : sqlite3_errstr(code));
	if (err != NULL)
		err->native = code;
	return status;
}
