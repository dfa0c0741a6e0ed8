/* sample.h - a media file that needs no encoder. */
#ifndef CONTRACT_SAMPLE_H
#define CONTRACT_SAMPLE_H

#include "harness.h"

/* A WAV: two seconds of 16-bit mono at 8,000 Hz. */
unsigned char *sample_make(struct contract *t, size_t *length);

#endif
