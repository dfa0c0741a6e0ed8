/* suggest.h - "did you mean": the nearest of some names. */
#ifndef SUPPORT_SUGGEST_H
#define SUPPORT_SUGGEST_H

#include <stddef.h>

/* The nearest name by edit distance, transpositions counted as one; NULL when none is near. */
const char *suggest_name(const char *word, const char *const *names, size_t count);

#endif
