/* place.c - an environment and a folder that are the test's own. */
#include "place.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char folder[64];

static void forget_aws(void)
{
	for (char **variable = environ; *variable != NULL;) {
		char name[128];

		snprintf(name, sizeof name, "%.*s", (int)strcspn(*variable, "="), *variable);
		if (strncmp(name, "AWS_", 4) == 0 || strcasestr(name, "_proxy") != NULL) {
			ck_assert_int_eq(unsetenv(name), 0);
			variable = environ;
		} else {
			variable++;
		}
	}
}

void place_open(void)
{
	snprintf(folder, sizeof folder, "/tmp/vidmill-keys-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	forget_aws();
	place_set("HOME", folder);
	place_set("AWS_EC2_METADATA_DISABLED", "true");
}

static int drop(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void place_close(void)
{
	ck_assert_int_eq(nftw(folder, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
}

const char *place_write(const char *name, const char *text)
{
	static char path[256];
	const char *slash = strrchr(name, '/');
	FILE *file;

	if (slash != NULL) {
		snprintf(path, sizeof path, "%s/%.*s", folder, (int)(slash - name), name);
		(void)mkdir(path, 0700);
	}
	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

void place_set(const char *variable, const char *value)
{
	ck_assert_int_eq(setenv(variable, value, 1), 0);
}

const char *place_time(long from_now_s)
{
	static char text[64];
	time_t then = time(NULL) + from_now_s;
	struct tm parts;

	gmtime_r(&then, &parts);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
	return text;
}
