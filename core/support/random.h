/* random.h - bytes that nobody guesses. */
#ifndef SUPPORT_RANDOM_H
#define SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* [any thread] From the kernel (getrandom); never fails once the system has booted. */
void random_fill(void *bytes, size_t length);

/* 2 * n_bytes lower-case hexadecimal digits and a NUL. */
void random_hex(char *text, size_t n_bytes);

/* Uniform in [0, bound]; for jitter. */
uint64_t random_up_to(uint64_t bound);

#endif
