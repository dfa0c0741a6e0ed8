/* clip.c - synthetic clips by name, made when they are not there yet. */
#include "clip.h"

#include <check.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void make_clip(const char *script, const char *name, const char *path)
{
	char *arguments[] = {strdup("sh"), strdup(script), strdup(name), strdup(path), NULL};
	extern char **environ;
	pid_t child;
	int status;

	ck_assert_int_eq(posix_spawnp(&child, "sh", NULL, NULL, arguments, environ), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	              "%s %s failed; is FFmpeg's command installed?", script, name);
	for (size_t i = 0; arguments[i] != NULL; i++)
		free(arguments[i]);
}

const char *clip(const char *name)
{
	static char path[256];
	const char script[] = TEST_FOLDER "/../../media/make.sh";
	struct stat made, recipe;

	mkdir("clips", 0777);
	snprintf(path, sizeof path, "clips/%s", name);
	ck_assert_int_eq(stat(script, &recipe), 0);
	if (stat(path, &made) != 0 || made.st_mtime < recipe.st_mtime)
		make_clip(script, name, path);
	return path;
}
