/* no_check.c - what the fakes of the unit tests call of Check, outside of a test. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

void _mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expression, const char *message, ...)
{
	(void)expression;
	(void)message;
	fprintf(stderr, "%s:%d: a fake has failed\n", file, line);
	abort();
}
