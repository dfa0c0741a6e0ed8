/* log.h - one line for each fact: text on a terminal, JSON otherwise. */
#ifndef SUPPORT_LOG_H
#define SUPPORT_LOG_H

#include <vidmill/host.h>

enum log_format { LOG_AUTO = 1, LOG_TEXT = 2, LOG_JSON = 3 };

/*
 * What the lines of this thread are about. NULL and 0 are left out. Strings are
 * borrowed until log_leave.
 */
struct log_scope {
	const char *video;
	uint64_t epoch;
	const char *stage;
	const char *trace;
	const char *role; /* the instance that speaks: "storage.unprocessed" */
	const struct log_scope *outer;
};

/* [main thread] Before any thread starts. LOG_AUTO: text when stderr is a terminal. */
void log_setup(enum vm_log_level least, enum log_format format);

/* [any thread] What is set in `scope` is added to what the outer scopes set, until log_leave. */
void log_enter(struct log_scope *scope);
void log_leave(struct log_scope *scope);

/* [any thread] One line to stderr in one write; control characters are escaped. No secrets. */
void log_line(enum vm_log_level level, const char *format, ...) VM_PRINTF(2, 3);
void log_line_v(enum vm_log_level level, const char *format, va_list arguments) VM_PRINTF(2, 0);

#define log_debug(...) log_line(VM_LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(VM_LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_line(VM_LOG_WARNING, __VA_ARGS__)
#define log_error(...) log_line(VM_LOG_ERROR, __VA_ARGS__)

#endif
