/* task_first.h - a task that is the first process of a container. */
#ifndef CONTRACT_TASK_FIRST_H
#define CONTRACT_TASK_FIRST_H

/*
 * Runs the task in a child, as an init does: passes SIGTERM on, and tells a
 * signal as 128 and its number. The kernel spares the first process of a
 * container every signal that it does not handle, its own SIGKILL too.
 */
int task_first_run(int (*task)(void));

#endif
