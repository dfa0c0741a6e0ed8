/* language.h - the codes of languages: what containers write, as players want it (BCP 47). */
#ifndef CODEC_FFMPEG_LANGUAGE_H
#define CODEC_FFMPEG_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

enum { LANGUAGE_TAG_MAX = 36 };

struct language {
	const char *two, *three;
	const char *bibliographic; /* "": as `three` */
	const char *name;          /* in English */
};

/* By any of its codes; NULL: none of the 184 that have two letters. */
const struct language *language_find(const char *code);

/*
 * Pure. "eng", "ger", "pt-BR" as the shortest code that says the same: "en", "de",
 * "pt-BR". False, and "", for what is no language or says that it is not known.
 */
bool language_tag(const char *code, char tag[LANGUAGE_TAG_MAX]);

#endif
