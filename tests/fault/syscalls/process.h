/* process.h - which part of vidmill a process is, and what its descriptors are. */
#ifndef FAULT_PROCESS_H
#define FAULT_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

/* The process that a thread belongs to; 0 when it is gone. */
pid_t process_of(pid_t thread);

/* "serve", "keeper", "work" or "codec"; `first` is the server. "" when it is gone. */
const char *process_role(pid_t pid, pid_t first);

/* What a descriptor is: a path, "socket:[…]", "pipe:[…]"; "" when it is none. */
void process_descriptor(pid_t pid, int fd, char *text, size_t size);

#endif
