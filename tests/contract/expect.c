/* expect.c - what a case says when something is not as promised. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define MARK 0x5AFE5AFE

static const char *const status_names[] = {
    [VM_OK] = "ok",
    [VM_ERR_CONFIG] = "config",
    [VM_ERR_NOT_FOUND] = "not found",
    [VM_ERR_CONFLICT] = "conflict",
    [VM_ERR_DENIED] = "denied",
    [VM_ERR_THROTTLED] = "throttled",
    [VM_ERR_UNAVAILABLE] = "unavailable",
    [VM_ERR_TIMEOUT] = "timeout",
    [VM_ERR_CANCELLED] = "cancelled",
    [VM_ERR_BAD_DATA] = "bad data",
    [VM_ERR_UNSUPPORTED] = "unsupported",
    [VM_ERR_LIMIT] = "limit",
    [VM_ERR_NO_MEMORY] = "no memory",
    [VM_ERR_BUG] = "bug",
};

#define N_STATUSES ((int)(sizeof status_names / sizeof *status_names))

const char *contract_status_name(int status)
{
	return status >= 0 && status < N_STATUSES ? status_names[status] : "no status at all";
}

/* The first process or thread that has something to say is heard; then this process ends. */
VM_PRINTF(4, 0)
_Noreturn static void end(struct contract *t, enum contract_result result, const char *place,
                          const char *format, va_list arguments)
{
	int nothing = 0;

	if (atomic_compare_exchange_strong(&t->report->result, &nothing, -1)) {
		char *text = t->report->text;
		size_t size = sizeof t->report->text;
		int used = snprintf(text, size, "%s", place);

		if (used >= 0 && (size_t)used < size)
			vsnprintf(text + used, size - (size_t)used, format, arguments);
		atomic_store(&t->report->result, (int)result);
	}
	/* Not exit: other threads may be inside the plugin. */
	_exit(EXIT_FAILURE);
}

void contract_skip(struct contract *t, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	end(t, CONTRACT_SKIPPED, "", format, arguments);
}

void contract_fail(struct contract *t, const char *file, int line, const char *format, ...)
{
	const char *slash = strrchr(file, '/');
	char place[128];
	va_list arguments;

	snprintf(place, sizeof place, "%s:%d: ", slash != NULL ? slash + 1 : file, line);
	va_start(arguments, format);
	end(t, CONTRACT_FAILED, place, format, arguments);
}

void contract_err_mark(struct vm_error *err)
{
	memset(err, 0, sizeof *err);
	err->status = MARK;
	err->native = MARK;
	err->retry_after_ms = MARK;
	memset(err->message, 0x7E, sizeof err->message);
}

static bool is_untouched(const struct vm_error *err)
{
	struct vm_error mark;

	contract_err_mark(&mark);
	return memcmp(&mark, err, sizeof mark) == 0;
}

/* NULL when the error is as status.h wants it, else what is wrong. */
static const char *find_fault(int status, const struct vm_error *err)
{
	size_t length = strnlen(err->message, sizeof err->message);

	if (err->status != status)
		return "err->status is another than the status returned";
	if (length == sizeof err->message)
		return "err->message is not ended by NUL";
	if (length == 0)
		return "err->message is empty";
	if (strpbrk(err->message, "\r\n") != NULL)
		return "err->message is not one line";
	if (err->message[length - 1] == '.')
		return "err->message ends with a full stop";
	return NULL;
}

int contract_answer(struct contract *t, const char *file, int line, const char *what, int status,
                    const struct vm_error *err)
{
	const char *fault;

	if (status == VM_OK) {
		if (!is_untouched(err))
			contract_fail(t, file, line, "%s: succeeded and wrote to err all the same", what);
		return status;
	}
	if (status < 0 || status >= N_STATUSES)
		contract_fail(t, file, line, "%s: returned %d, which is no status", what, status);
	fault = find_fault(status, err);
	if (fault != NULL)
		contract_fail(t, file, line, "%s: failed (%s), but %s", what, contract_status_name(status),
		              fault);
	return status;
}

void contract_status(struct contract *t, const char *file, int line, const char *what, int wanted,
                     int status, const struct vm_error *err)
{
	contract_answer(t, file, line, what, status, err);
	if (status == wanted)
		return;
	if (status == VM_OK)
		contract_fail(t, file, line, "%s: expected %s, answered ok", what,
		              contract_status_name(wanted));
	contract_fail(t, file, line, "%s: expected %s, answered %s: %s", what,
	              contract_status_name(wanted), contract_status_name(status), err->message);
}
