/* describe.h - a source in JSON: what probe says, and what a report begins with. */
#ifndef CODEC_FFMPEG_DESCRIBE_H
#define CODEC_FFMPEG_DESCRIBE_H

#include <jansson.h>

#include "input.h"

/* A new reference; NULL when out of memory. */
json_t *describe_source(const struct input *input);

/* {"num": 30000, "den": 1001}; null for 0/0. */
json_t *describe_rational(AVRational value);

/* Writes `json` as one line into `sink` and gives the reference up; NULL is out of memory. */
int describe_write(json_t *json, struct vm_sink *sink, struct vm_error *err);

#endif
