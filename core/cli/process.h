/* process.h - what this process must be like before any command runs. */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

/*
 * Descriptors 0 to 2 are open, so that no file or socket takes their place;
 * nothing that is made can be used by others; a crash leaves no core, for there
 * are secrets in this memory. What it starts inherits all three. [main thread]
 */
void process_prepare(void);

#endif
