/* points.c - prints the table of crash points, a name and a sentence on each line. */
#include "support/crash_point.h"

#include <stdio.h>

#define CRASH_LINE(name, sentence) puts(#name "\t" sentence);

int main(void)
{
	CRASH_POINTS(CRASH_LINE)
	return 0;
}
