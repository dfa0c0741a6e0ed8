/* text.h - a stranger's text made safe to show: UTF-8, and nothing that steers what follows. */
#ifndef CODEC_FFMPEG_TEXT_H
#define CODEC_FFMPEG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_BROKEN UINT32_C(0xfffd)

/*
 * Pure. The character at *text, which moves behind it and not beyond `end`;
 * TEXT_BROKEN for bytes that are no UTF-8 and for what is never to be written.
 */
uint32_t text_next(const char **text, const char *end);

/* Pure. All of it is UTF-8. */
bool text_is_valid(const char *text);

/* Pure. Writes one character as UTF-8; the number of its bytes, at most 4. */
size_t text_put(uint32_t character, char bytes[4]);

/*
 * Pure. One line of text for a menu: control characters are left out, also those
 * that turn the direction of writing; blanks follow no blank. Cut to fit, between characters.
 */
void text_clean(const char *text, char *out, size_t size);

#endif
