/* callers.c - whose allocation it is: by the address it was asked for from. */
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

#include "refuse.h"

/*
 * The fixtures of a test stand in the same program as the code under test, and
 * none of them is asked to live without memory. So run.py reads in the debug
 * information which addresses belong to core/ and plugins/. Jansson and SQLite
 * allocate in our name and their answers are ours to check: there the stack is
 * looked through for who asked them. FFmpeg, libmicrohttpd, OpenSSL and the C
 * library are left out: what they do without memory is for them to test.
 */
static const char *const in_our_name[] = {"libjansson.so", "libsqlite3.so"};

enum kind { KIND_CODE = 1, KIND_PASSES_ON = 2 };

struct range {
	char module[256];
	uintptr_t begin, end;
	int kind;
};

enum { RANGES_MAX = 4096, DEPTH_MAX = 64 };

static struct range *ranges;
static size_t n_ranges;
static char program[256];

/* The module that the address lies in, "" when in none, and its offset there. */
static const char *module_of(uintptr_t address, uintptr_t *offset)
{
	struct dl_find_object found;
	void *at;

	memcpy(&at, &address, sizeof at);
	if (_dl_find_object(at, &found) != 0)
		return "";
	*offset = address - found.dlfo_link_map->l_addr;
	return found.dlfo_link_map->l_name[0] != '\0' ? found.dlfo_link_map->l_name : program;
}

static int kind_of(const char *module, uintptr_t offset)
{
	size_t low = 0, high = n_ranges;

	/* Ordered by module, then by address. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(module, ranges[middle].module);

		if (order == 0 && offset >= ranges[middle].begin && offset < ranges[middle].end)
			return ranges[middle].kind;
		if (order < 0 || (order == 0 && offset < ranges[middle].begin))
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

static bool asks_in_our_name(const char *module)
{
	for (size_t i = 0; i < sizeof in_our_name / sizeof in_our_name[0]; i++)
		if (strstr(module, in_our_name[i]) != NULL)
			return true;
	return false;
}

struct walk {
	bool passed; /* a library, or what passes on for it, was seen */
	bool ours;
};

/* Goes up to who asked the library. The first frames are those of refuse.so. */
static _Unwind_Reason_Code walk_frame(struct _Unwind_Context *context, void *ctx)
{
	struct walk *walk = ctx;
	uintptr_t offset = 0;
	const char *module = module_of((uintptr_t)_Unwind_GetIP(context) - 1, &offset);
	int kind = kind_of(module, offset);

	if (asks_in_our_name(module) || kind == KIND_PASSES_ON) {
		walk->passed = true;
		return _URC_NO_REASON;
	}
	if (!walk->passed)
		return _URC_NO_REASON;
	walk->ours = kind == KIND_CODE;
	return _URC_NORMAL_STOP;
}

bool is_ours(const void *caller)
{
	uintptr_t offset = 0;
	const char *module = module_of((uintptr_t)caller - 1, &offset);
	int kind = kind_of(module, offset);
	struct walk walk = {0};

	if (kind == KIND_CODE)
		return true;
	if (kind != KIND_PASSES_ON && !asks_in_our_name(module))
		return false;
	_Unwind_Backtrace(walk_frame, &walk);
	return walk.ours;
}

struct print {
	int fd, depth;
};

static _Unwind_Reason_Code print_frame(struct _Unwind_Context *context, void *ctx)
{
	struct print *print = ctx;
	uintptr_t offset = 0;
	const char *module = module_of((uintptr_t)_Unwind_GetIP(context) - 1, &offset);

	dprintf(print->fd, "at %s+%#lx\n", module, (unsigned long)offset);
	return ++print->depth < DEPTH_MAX ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

void callers_print(int fd, const char *what)
{
	struct print print = {.fd = fd};

	dprintf(fd, "%s:\n", what);
	_Unwind_Backtrace(print_frame, &print);
}

/* Lines of "BEGIN END KIND MODULE" in hexadecimal, ordered. */
void callers_read(const char *dir)
{
	char path[4096];
	FILE *file;
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

	program[length > 0 ? length : 0] = '\0';
	snprintf(path, sizeof path, "%s/ranges", dir);
	file = fopen(path, "r");
	ranges = calloc(RANGES_MAX, sizeof *ranges);
	if (file == NULL || ranges == NULL) {
		perror(path);
		abort();
	}
	while (n_ranges < RANGES_MAX &&
	       fscanf(file, "%lx %lx %d %255[^\n]\n", &ranges[n_ranges].begin, &ranges[n_ranges].end,
	              &ranges[n_ranges].kind, ranges[n_ranges].module) == 4)
		n_ranges++;
	fclose(file);
}
