/* key.c - which keys can be files below a folder. */
#include "store.h"

#include <limits.h>
#include <string.h>

size_t key_character(const char *key)
{
	const unsigned char *text = (const unsigned char *)key;
	/* For each length: the first byte's mark, its mask, and the smallest character worth it. */
	static const struct {
		unsigned char mask, mark;
		uint32_t least;
	} forms[] = {
	    {0x80, 0x00, 0x01}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (size_t more = 0; more < sizeof forms / sizeof *forms; more++) {
		uint32_t value = text[0] & (unsigned char)~forms[more].mask;

		if ((text[0] & forms[more].mask) != forms[more].mark)
			continue;
		for (size_t i = 1; i <= more; i++) {
			if ((text[i] & 0xc0) != 0x80)
				return 0;
			value = value << 6 | (text[i] & 0x3f);
		}
		if (value < forms[more].least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
			return 0;
		return more + 1;
	}
	return 0;
}

const char *key_refusal(const char *key)
{
	if (strnlen(key, VM_KEY_MAX) >= VM_KEY_MAX)
		return "a key is at most 1024 bytes long";
	for (size_t i = 0, length; key[i] != '\0'; i += length) {
		length = key_character(key + i);
		if (length == 0)
			return "a key is UTF-8 text";
	}
	while (true) {
		size_t length = strcspn(key, "/");

		if (length == 0)
			return "a key neither is empty, begins or ends with \"/\", nor has \"//\" in it";
		if (length > NAME_MAX)
			return "no part of a key between two \"/\" is longer than 255 bytes";
		if ((length == 1 && key[0] == '.') || (length == 2 && key[0] == '.' && key[1] == '.'))
			return "a key has no \".\" or \"..\" between its \"/\"";
		if (length == strlen(ITSELF) && memcmp(key, ITSELF, length) == 0)
			return "the name \"" ITSELF "\" has a meaning of its own here";
		if (key[length] == '\0')
			return NULL;
		key += length + 1;
	}
}
