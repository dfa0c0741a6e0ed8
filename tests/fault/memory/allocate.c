/* allocate.c - the functions that allocate, each of which may be refused. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "refuse.h"

struct turn *turn;

#define REFUSES() turn_refuses(__builtin_return_address(0))

void *next_function(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

bool turn_refuses(const void *caller)
{
	unsigned long at, number;

	if (turn == NULL || getpid() == turn->top || !is_ours(caller))
		return false;
	number = atomic_fetch_add(&turn->asked, 1) + 1;
	at = turn->refused_at;
	if (at == 0 || number < at || (number > at && !turn->onward))
		return false;
	if (!atomic_exchange(&turn->refused, true)) {
		turn->refused_ns = haste_begin_ns();
		callers_print(STDERR_FILENO, "refused");
	}
	errno = ENOMEM;
	return true;
}

EXPORT void *malloc(size_t size)
{
	static void *(*next)(size_t);

	NEXT(next, "malloc");
	return REFUSES() ? NULL : next(size);
}

EXPORT void *calloc(size_t count, size_t size)
{
	static void *(*next)(size_t, size_t);

	NEXT(next, "calloc");
	return REFUSES() ? NULL : next(count, size);
}

EXPORT void *realloc(void *old, size_t size)
{
	static void *(*next)(void *, size_t);

	NEXT(next, "realloc");
	return REFUSES() ? NULL : next(old, size);
}

EXPORT void *reallocarray(void *old, size_t count, size_t size)
{
	static void *(*next)(void *, size_t, size_t);

	NEXT(next, "reallocarray");
	return REFUSES() ? NULL : next(old, count, size);
}

EXPORT char *strdup(const char *text)
{
	static char *(*next)(const char *);

	NEXT(next, "strdup");
	return REFUSES() ? NULL : next(text);
}

EXPORT char *strndup(const char *text, size_t length)
{
	static char *(*next)(const char *, size_t);

	NEXT(next, "strndup");
	return REFUSES() ? NULL : next(text, length);
}

EXPORT int vasprintf(char **out, const char *format, va_list arguments)
{
	static int (*next)(char **, const char *, va_list);

	NEXT(next, "vasprintf");
	return REFUSES() ? -1 : next(out, format, arguments);
}

EXPORT int asprintf(char **out, const char *format, ...)
{
	static int (*next)(char **, const char *, va_list);
	va_list arguments;
	int length;

	NEXT(next, "vasprintf");
	if (REFUSES())
		return -1;
	va_start(arguments, format);
	length = next(out, format, arguments);
	va_end(arguments);
	return length;
}

EXPORT FILE *open_memstream(char **text, size_t *length)
{
	static FILE *(*next)(char **, size_t *);

	NEXT(next, "open_memstream");
	return REFUSES() ? NULL : next(text, length);
}

EXPORT FILE *fdopen(int fd, const char *mode)
{
	static FILE *(*next)(int, const char *);

	NEXT(next, "fdopen");
	return REFUSES() ? NULL : next(fd, mode);
}

EXPORT DIR *opendir(const char *path)
{
	static DIR *(*next)(const char *);

	NEXT(next, "opendir");
	return REFUSES() ? NULL : next(path);
}

EXPORT DIR *fdopendir(int fd)
{
	static DIR *(*next)(int);

	NEXT(next, "fdopendir");
	return REFUSES() ? NULL : next(fd);
}

__attribute__((constructor)) static void begin(void)
{
	const char *dir = getenv("FAULT_DIR");
	char path[4096];
	long nobody = 0;
	void *state;
	int fd;

	if (dir == NULL)
		return;
	snprintf(path, sizeof path, "%s/state", dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	state = mmap(NULL, sizeof *turn, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (state == MAP_FAILED) {
		perror(path);
		abort();
	}
	callers_read(dir);
	turns_read(dir);
	turn = state;
	atomic_compare_exchange_strong(&turn->top, &nobody, (long)getpid());
}
