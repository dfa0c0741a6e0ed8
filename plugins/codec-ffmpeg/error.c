/* error.c - FFmpeg's error codes as statuses, with FFmpeg's own words. */
#include "error.h"

#include <libavutil/error.h>

static int fail(struct vm_error *err, int status, int code, const char *what, struct log *log)
{
	char words[AV_ERROR_MAX_STRING_SIZE], last[LOG_TEXT_MAX];

	av_strerror(code, words, sizeof words);
	log_error(log, last);
	/* Many of FFmpeg's functions fail with -1, which happens to mean something else. */
	if (last[0] != '\0' && code == -1)
		vm_fail(err, status, "%s: %s", what, last);
	else if (last[0] != '\0')
		vm_fail(err, status, "%s: %s (%s)", what, words, last);
	else
		vm_fail(err, status, "%s: %s", what, words);
	if (err != NULL)
		err->native = code;
	return status;
}

int error_of_source(struct vm_error *err, int code, const char *what, struct log *log)
{
	switch (code) {
	case AVERROR(ENOMEM):
		return vm_fail_memory(err);
	case AVERROR_DECODER_NOT_FOUND:
	case AVERROR_PATCHWELCOME:
	case AVERROR(ENOSYS):
		return fail(err, VM_ERR_UNSUPPORTED, code, what, log);
	default:
		return fail(err, VM_ERR_BAD_DATA, code, what, log);
	}
}

int error_of_kind(struct vm_error *err, int code, const char *what, struct log *log)
{
	if (code == AVERROR(ENOMEM))
		return vm_fail_memory(err);
	return fail(err, VM_ERR_UNSUPPORTED, code, what, log);
}

int error_of_ours(struct vm_error *err, int code, const char *what, struct log *log)
{
	if (code == AVERROR(ENOMEM))
		return vm_fail_memory(err);
	return fail(err, VM_ERR_BUG, code, what, log);
}
