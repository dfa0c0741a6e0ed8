/* fake_codec.h - a codec plugin that behaves as its stage is named. */
#ifndef TESTS_WORKER_FAKE_CODEC_H
#define TESTS_WORKER_FAKE_CODEC_H

#include "plugin/load.h"

/*
 * "copy" reads the whole source and writes it out twice: in a headed output
 * whose first eight bytes are rewritten at the end, and in short pieces. Other
 * names do so, too, but go wrong in the middle; see fake_codec.c.
 */
extern const struct plugin fake_codec_plugin;

#define FAKE_HEAD "the head"
#define FAKE_SOURCE_MS 4000

#endif
