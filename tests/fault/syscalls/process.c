/* process.c - which part of vidmill a process is, and what its descriptors are. */
#include "process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of /proc, with a NUL behind it; its length. */
static size_t read_file(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	size_t length = 0;
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && length < size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	if (fd >= 0)
		close(fd);
	text[length] = '\0';
	return length;
}

pid_t process_of(pid_t thread)
{
	static const char name[] = "\nTgid:";
	char status[1024];
	const char *found;

	read_file(thread, "status", status, sizeof status);
	found = strstr(status, name);
	return found != NULL ? (pid_t)strtol(found + sizeof name - 1, NULL, 10) : 0;
}

/* A fork that has not become itself looks like the process that it comes from. */
const char *process_role(pid_t pid, pid_t first)
{
	char line[4096];
	size_t length = read_file(pid, "cmdline", line, sizeof line);
	const char *command = memchr(line, '\0', length);

	if (command == NULL)
		return "";
	command++;
	if (strcmp(command, "serve") == 0)
		return pid == first ? "serve" : "keeper";
	return strcmp(command, "work") == 0 ? "work" : "codec";
}

void process_descriptor(pid_t pid, int fd, char *text, size_t size)
{
	char path[64];
	ssize_t length;

	snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)pid, fd);
	length = readlink(path, text, size - 1);
	text[length > 0 ? length : 0] = '\0';
}
