/* command.h - a command of another hand, and what it has to say. */
#ifndef TESTS_CODEC_FFMPEG_COMMAND_H
#define TESTS_CODEC_FFMPEG_COMMAND_H

#include <stddef.h>

/* Runs it to its end; `text` is what it wrote to both outputs. Fails the test when it fails. */
void command_text(const char *const *arguments, char *text, size_t size);

#endif
