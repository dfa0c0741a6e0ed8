/* status.h - how an operation ends: a status that is a decision, and one sentence. */
#ifndef VIDMILL_STATUS_H
#define VIDMILL_STATUS_H

#include <stdarg.h>
#include <stdio.h>

#include <vidmill/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Every operation returns one of these. There are as many as the host has
 * different decisions to take, and no more; what the service itself answered
 * goes into vm_error.native and the message.
 */
enum vm_status {
	VM_OK = 0,
	VM_ERR_CONFIG = 1,    /* the pipeline file must change: wrong bucket, region, path */
	VM_ERR_NOT_FOUND = 2, /* what was named is not there */
	VM_ERR_CONFLICT =
	    3, /* a condition did not hold: if-absent, pinned etag, version, stale receipt */
	VM_ERR_DENIED = 4,       /* the service refused these credentials */
	VM_ERR_THROTTLED = 5,    /* later, and slower; honour retry_after_ms */
	VM_ERR_UNAVAILABLE = 6,  /* later: unreachable, broken connection, disk full, no capacity */
	VM_ERR_TIMEOUT = 7,      /* no answer in time; the effect may have happened */
	VM_ERR_CANCELLED = 8,    /* the call was cancelled; the effect may have happened */
	VM_ERR_BAD_DATA = 9,     /* the bytes themselves are wrong: trying again gives the same */
	VM_ERR_UNSUPPORTED = 10, /* well-formed, but not something this plugin can do */
	VM_ERR_LIMIT = 11,     /* a stated budget was exceeded: pixels, duration, bytes, CPU, memory */
	VM_ERR_NO_MEMORY = 12, /* an allocation failed */
	VM_ERR_BUG = 13        /* the plugin found itself in an impossible state */
};

/*
 * One error, on the caller's stack; 512 bytes, nothing to free. It is written
 * only when an operation fails. The message is one line, lower case, without a
 * full stop: what failed and on what, "put videos/a.mp4: 503 Slow Down". It
 * holds no secret and no function name; the host adds plugin, video and trace id.
 */
struct vm_error {
	int32_t status;          /* enum vm_status */
	int32_t native;          /* errno, HTTP status, AVERROR, SQLite code; 0 when there is none */
	uint32_t retry_after_ms; /* what the service asked for; 0 when it did not say */
	uint32_t reserved;
	char message[496];
};

/*
 * Fills *err (NULL is allowed) and returns status, so that every failure is
 * one line: return vm_fail(err, VM_ERR_NOT_FOUND, "stat %s: no such object", key);
 * control characters become '?';
 * native and retry_after_ms become 0: set them afterwards where they are known.
 */
VM_PRINTF(3, 4)
static inline int vm_fail(struct vm_error *err, int status, const char *format, ...)
{
	va_list arguments;

	if (err == NULL)
		return status;
	err->status = status;
	err->native = 0;
	err->retry_after_ms = 0;
	err->reserved = 0;
	va_start(arguments, format);
	vsnprintf(err->message, sizeof err->message, format, arguments);
	va_end(arguments);
	/* A key or a word of a stranger may hold what breaks a line or a terminal obeys. */
	for (char *c = err->message; *c != '\0'; c++)
		if ((*c > 0 && *c < ' ') || *c == 0x7F)
			*c = '?';
	return status;
}

/* The same sentence for every allocation that failed. */
static inline int vm_fail_memory(struct vm_error *err)
{
	return vm_fail(err, VM_ERR_NO_MEMORY, "out of memory");
}

#ifdef __cplusplus
}
#endif

#endif
