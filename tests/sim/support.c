/* support.c - core/support's clock, randomness, cancellation and log, of the simulated world. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "support/cancel.h"
#include "support/clock.h"
#include "support/log.h"
#include "support/random.h"
#include "world.h"

int64_t clock_unix_ms(void)
{
	return world_clock_ms();
}

int64_t clock_monotonic_ms(void)
{
	return world.now_ms;
}

void random_fill(void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		((unsigned char *)bytes)[i] = (unsigned char)chance_up_to(255);
}

void random_hex(char *text, size_t n_bytes)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < 2 * n_bytes; i++)
		text[i] = digits[chance_up_to(15)];
	text[2 * n_bytes] = '\0';
}

uint64_t random_up_to(uint64_t bound)
{
	return chance_up_to(bound);
}

struct cancel {
	bool triggered;
};

int cancel_create(struct cancel *parent, struct cancel **out, struct vm_error *err)
{
	(void)parent;
	*out = calloc(1, sizeof **out);
	return *out != NULL ? VM_OK : vm_fail_memory(err);
}

void cancel_destroy(struct cancel *cancel)
{
	free(cancel);
}

void cancel_trigger(struct cancel *cancel)
{
	cancel->triggered = true;
}

bool cancel_triggered(const struct cancel *cancel)
{
	return cancel != NULL && cancel->triggered;
}

int cancel_fd(const struct cancel *cancel)
{
	(void)cancel;
	return -1;
}

bool cancel_sleep_ms(const struct cancel *cancel, uint64_t duration_ms)
{
	world_sleep_ms((int64_t)duration_ms);
	return !cancel_triggered(cancel);
}

void log_setup(enum vm_log_level least, enum log_format format)
{
	(void)least;
	(void)format;
}

void log_enter(struct log_scope *scope)
{
	(void)scope;
}

void log_leave(struct log_scope *scope)
{
	(void)scope;
}

void log_line_v(enum vm_log_level level, const char *format, va_list arguments)
{
	char line[600];

	(void)level;
	vsnprintf(line, sizeof line, format, arguments);
	check_logged(line);
	world_say("log: %s", line);
}

void log_line(enum vm_log_level level, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_line_v(level, format, arguments);
	va_end(arguments);
}
