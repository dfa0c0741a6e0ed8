/* fuzz.h - what every fuzz target defines, and what several of them expect. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <vidmill/status.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Ends the process when what must hold does not. */
static inline void fuzz_expect(bool holds)
{
	if (!holds)
		abort();
}

/* What a refusal says fits on one line of a log and changes nothing on a terminal. */
static inline void fuzz_expect_line(const char *text)
{
	fuzz_expect(text[0] != '\0');
	for (; *text != '\0'; text++)
		fuzz_expect((unsigned char)*text >= ' ' && *text != 0x7F);
}

/* An input was refused: with this status, which is that of the error, and a line. */
static inline void fuzz_expect_refusal(int wanted, int status, const struct vm_error *err)
{
	fuzz_expect(status == wanted && err->status == wanted);
	fuzz_expect_line(err->message);
}

#endif
