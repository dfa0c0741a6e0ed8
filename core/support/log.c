/* log.c - one line for each fact, written to stderr in one piece. */
#include "support/log.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/escape.h"

/* PIPE_BUF bytes go into a pipe undivided, so lines of several processes do not mix. */
struct line {
	char text[PIPE_BUF];
	size_t length;
};

/* Kept free behind the message, for the fields. */
enum { FIELDS_MAX = 1024 };

static atomic_int least_level = VM_LOG_INFO;
static atomic_bool is_json = false;
static _Thread_local const struct log_scope *innermost;

static const char *const level_names[] = {
    [VM_LOG_DEBUG] = "debug",
    [VM_LOG_INFO] = "info",
    [VM_LOG_WARNING] = "warning",
    [VM_LOG_ERROR] = "error",
};

void log_setup(enum vm_log_level least, enum log_format format)
{
	atomic_store(&least_level, (int)least);
	atomic_store(&is_json, format == LOG_JSON || (format == LOG_AUTO && !isatty(STDERR_FILENO)));
}

void log_enter(struct log_scope *scope)
{
	scope->outer = innermost;
	innermost = scope;
}

void log_leave(struct log_scope *scope)
{
	innermost = scope->outer;
}

/* The innermost word on each field. */
static struct log_scope merge_scopes(void)
{
	struct log_scope all = {0};

	for (const struct log_scope *scope = innermost; scope != NULL; scope = scope->outer) {
		all.video = all.video != NULL ? all.video : scope->video;
		all.epoch = all.epoch != 0 ? all.epoch : scope->epoch;
		all.stage = all.stage != NULL ? all.stage : scope->stage;
		all.trace = all.trace != NULL ? all.trace : scope->trace;
		all.role = all.role != NULL ? all.role : scope->role;
	}
	return all;
}

static void put(struct line *line, const char *text)
{
	size_t length = strlen(text), room = sizeof line->text - line->length;

	if (length > room)
		length = room;
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

/* Puts as much of `text` as ends before `end`; false when some is left. */
static bool put_escaped(struct line *line, const char *text, size_t end, bool json)
{
	size_t left = strlen(text), read, written;
	char escaped[ESCAPE_MAX];

	while (left > 0) {
		read = escape_next(text, left, json, escaped, &written);
		if (line->length + written > end)
			return false;
		memcpy(line->text + line->length, escaped, written);
		line->length += written;
		text += read;
		left -= read;
	}
	return true;
}

VM_PRINTF(3, 0)
static void put_message(struct line *line, bool json, const char *format, va_list arguments)
{
	char message[PIPE_BUF - FIELDS_MAX], cut[64];
	int length = vsnprintf(message, sizeof message, format, arguments);
	bool whole = length >= 0 && (size_t)length < sizeof message;

	if (length < 0)
		put(line, "a message that cannot be formatted");
	else if (!put_escaped(line, message, sizeof message, json) || !whole) {
		snprintf(cut, sizeof cut, " [cut: the message had %d bytes]", length);
		put(line, cut);
	}
}

static void put_field(struct line *line, bool json, const char *name, const char *value)
{
	/* So much for each of the five, and never the last bytes, which close the line. */
	size_t end = line->length + FIELDS_MAX / 6;

	if (value == NULL)
		return;
	put(line, json ? ",\"" : " ");
	put(line, name);
	put(line, json ? "\":\"" : "=");
	put_escaped(line, value, end, json);
	if (json)
		put(line, "\"");
}

static void put_scope(struct line *line, bool json)
{
	struct log_scope scope = merge_scopes();
	char epoch[48];

	put_field(line, json, "video", scope.video);
	if (scope.epoch != 0) {
		snprintf(epoch, sizeof epoch, json ? ",\"epoch\":%llu" : " epoch=%llu",
		         (unsigned long long)scope.epoch);
		put(line, epoch);
	}
	put_field(line, json, "stage", scope.stage);
	put_field(line, json, "role", scope.role);
	put_field(line, json, "trace", scope.trace);
}

static void write_line(const struct line *line)
{
	const char *at = line->text;
	size_t left = line->length;

	while (left > 0) {
		ssize_t written = write(STDERR_FILENO, at, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return; /* there is nobody left to tell */
		at += written;
		left -= (size_t)written;
	}
}

void log_line_v(enum vm_log_level level, const char *format, va_list arguments)
{
	bool json = atomic_load(&is_json);
	int saved = errno;
	struct line line;
	char now[CLOCK_TEXT_MAX];

	if (level < VM_LOG_DEBUG || level > VM_LOG_ERROR)
		level = VM_LOG_ERROR; /* a plugin's mistake must not hide what it says */
	if ((int)level < atomic_load(&least_level))
		return;
	line.length = 0;
	put(&line, json ? "{\"time\":\"" : "");
	put(&line, clock_text(clock_unix_ms(), now));
	put(&line, json ? "\",\"level\":\"" : " ");
	put(&line, level_names[level]);
	put(&line, json ? "\",\"message\":\"" : ": ");
	put_message(&line, json, format, arguments);
	put(&line, json ? "\"" : "");
	put_scope(&line, json);
	put(&line, json ? "}\n" : "\n");
	write_line(&line);
	errno = saved;
}

void log_line(enum vm_log_level level, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_line_v(level, format, arguments);
	va_end(arguments);
}
