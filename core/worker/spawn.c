/* spawn.c - posix_spawn of ourselves with nothing but one end of a socket. */
#include "worker/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CHILD_SOCKET = 3,
	ARGUMENTS_MOST = 16,
	/* The child's ends are moved up here first, so that none is overwritten by another. */
	LIFTED_FROM = 10
};

static int lift(int *descriptor)
{
	int lifted = fcntl(*descriptor, F_DUPFD_CLOEXEC, LIFTED_FROM);

	if (lifted < 0)
		return -1;
	close(*descriptor);
	*descriptor = lifted;
	return 0;
}

static int set_actions(posix_spawn_file_actions_t *actions, int socket, int words)
{
	int error;

	if ((error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY,
	                                              0)) != 0 ||
	    (error = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
	                                              0)) != 0 ||
	    (error = posix_spawn_file_actions_adddup2(actions, words, STDERR_FILENO)) != 0 ||
	    (error = posix_spawn_file_actions_adddup2(actions, socket, CHILD_SOCKET)) != 0)
		return error;
	return posix_spawn_file_actions_addclosefrom_np(actions, CHILD_SOCKET + 1);
}

/* Its own session: what a terminal or a group of processes is sent does not reach it. */
static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	if ((error = posix_spawnattr_setsigmask(attributes, &none)) != 0 ||
	    (error = posix_spawnattr_setsigdefault(attributes, &all)) != 0)
		return error;
	return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
	                                                POSIX_SPAWN_SETSID);
}

static void add_option(char *arguments[], size_t *count, const char *name, const char *value)
{
	union {
		const char *in;
		char *out; /* posix_spawn does not write; its prototype cannot say so */
	} option = {.in = name}, text = {.in = value};

	if (value == NULL)
		return;
	arguments[(*count)++] = option.out;
	arguments[(*count)++] = text.out;
}

static int run(const struct spawn *spawn, int socket, int words, pid_t *pid)
{
	const char *program = spawn->program != NULL ? spawn->program : "/proc/self/exe";
	char *arguments[ARGUMENTS_MOST] = {NULL}, *environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	size_t count = 0;
	int error;

	add_option(arguments, &count, "vidmill", "codec-child");
	add_option(arguments, &count, "--pipeline", spawn->pipeline_path);
	add_option(arguments, &count, "--stage", spawn->stage);
	add_option(arguments, &count, "--descriptor", "3");
	add_option(arguments, &count, "--state", spawn->state_dir);
	add_option(arguments, &count, "--plugins", spawn->plugin_path);
	add_option(arguments, &count, "--log-format", "text");

	if ((error = posix_spawn_file_actions_init(&actions)) != 0)
		return error;
	if ((error = posix_spawnattr_init(&attributes)) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return error;
	}
	if ((error = set_actions(&actions, socket, words)) == 0 &&
	    (error = set_attributes(&attributes)) == 0)
		error = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static void close_both(int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

int child_start(const struct spawn *spawn, struct child *out, struct vm_error *err)
{
	int sockets[2] = {-1, -1}, words[2] = {-1, -1}, error;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0 ||
	    pipe2(words, O_CLOEXEC) != 0 || fcntl(words[0], F_SETFL, O_NONBLOCK) != 0 ||
	    lift(&sockets[1]) != 0 || lift(&words[1]) != 0)
		error = errno;
	else
		error = run(spawn, sockets[1], words[1], &pid);
	if (error != 0) {
		close_both(sockets);
		close_both(words);
		return vm_fail(err, VM_ERR_UNAVAILABLE, "start the codec child of stage %s: %s",
		               spawn->stage, strerror(error));
	}
	close(sockets[1]);
	close(words[1]);
	*out = (struct child){.pid = pid, .socket = sockets[0], .words = words[0]};
	return VM_OK;
}

/* "VmPeak:	  123456 kB" */
static void read_number(const char *text, const char *name, unsigned shift, uint64_t *most)
{
	const char *line = strstr(text, name);
	uint64_t number = line != NULL ? strtoull(line + strlen(name), NULL, 10) << shift : 0;

	if (number > *most)
		*most = number;
}

void child_measure(struct child *child)
{
	char path[64], text[4096];
	ssize_t length;
	int file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)child->pid);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return;
	length = read(file, text, sizeof text - 1);
	close(file);
	text[length > 0 ? length : 0] = '\0';
	read_number(text, "\nVmPeak:", 10, &child->address_most);
	read_number(text, "\nVmHWM:", 10, &child->memory_most);
	read_number(text, "\nThreads:", 0, &child->threads_most);
}

void child_kill(const struct child *child)
{
	kill(child->pid, SIGKILL);
}

/* False when it still lives after that time. */
static bool wait_for_exit(const struct child *child, uint64_t wait_ms)
{
	struct pollfd wait = {.fd = pidfd_open(child->pid, 0), .events = POLLIN};
	bool ended;

	if (wait.fd < 0)
		return false;
	ended = poll(&wait, 1, (int)wait_ms) == 1;
	close(wait.fd);
	return ended;
}

/* What wait4 tells of memory includes the worker's own, from between fork and exec. */
static uint64_t own_memory_most(const struct rusage *usage)
{
	struct rusage worker;

	if (getrusage(RUSAGE_SELF, &worker) != 0 || usage->ru_maxrss <= worker.ru_maxrss)
		return 0;
	return (uint64_t)usage->ru_maxrss << 10;
}

void child_end(struct child *child, uint64_t wait_ms, struct child_end *end)
{
	struct rusage usage = {0};
	uint64_t memory_most;

	*end = (struct child_end){0};
	if (!wait_for_exit(child, wait_ms)) {
		child_measure(child);
		child_kill(child);
		end->killed = true;
	}
	while (wait4(child->pid, &end->wait_status, 0, &usage) < 0 && errno == EINTR)
		;
	end->cpu_ms = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
	              (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
	memory_most = own_memory_most(&usage);
	end->memory_most = memory_most > child->memory_most ? memory_most : child->memory_most;
	end->address_most = child->address_most;
	end->threads_most = child->threads_most;
}
