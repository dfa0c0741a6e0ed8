/* command.c - runs the program in a process of its own. */
#include "command.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 24, PATIENCE_S = 60 };

static void set(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

void command_start(struct command_run *run, const char *server, const char *token,
                   const char *const *words)
{
	const char *argv[WORDS_MAX] = {getenv("VIDMILL")};

	for (int i = 0; words[i] != NULL; i++)
		argv[i + 1] = words[i];
	*run = (struct command_run){.out_fd = memfd_create("out", MFD_CLOEXEC),
	                            .err_fd = memfd_create("err", MFD_CLOEXEC)};
	run->pid = fork();
	ck_assert_int_ge(run->pid, 0);
	if (run->pid > 0)
		return;
	dup2(run->out_fd, STDOUT_FILENO);
	dup2(run->err_fd, STDERR_FILENO);
	set("VIDMILL_SERVER", server);
	set("VIDMILL_TOKEN", token);
	alarm(PATIENCE_S);
	execv(argv[0], (char *const *)(const void *)argv);
	_exit(127);
}

static char *read_all(int fd)
{
	struct stat about;
	char *text;

	ck_assert_int_eq(fstat(fd, &about), 0);
	text = calloc(1, (size_t)about.st_size + 1);
	ck_assert_int_eq(pread(fd, text, (size_t)about.st_size, 0), about.st_size);
	close(fd);
	return text;
}

void command_finish(struct command_run *run)
{
	int status;

	ck_assert_int_eq(waitpid(run->pid, &status, 0), run->pid);
	run->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	run->out = read_all(run->out_fd);
	run->err = read_all(run->err_fd);
}

void command_free(struct command_run *run)
{
	free(run->out);
	free(run->err);
}
