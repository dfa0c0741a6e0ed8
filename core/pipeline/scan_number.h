/* scan_number.h - numbers of a pipeline file, written so that libconfig reads them as they are. */
#ifndef PIPELINE_SCAN_NUMBER_H
#define PIPELINE_SCAN_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define SCAN_NUMBER_MAX 80

/*
 * False when the text is no number of the language. An integer that needs more
 * than 32 bits gets its 'L'; one that needs more than 64 becomes a fraction,
 * which no whole number is taken from.
 */
bool scan_number(const char *text, size_t length, char number[SCAN_NUMBER_MAX]);

#endif
