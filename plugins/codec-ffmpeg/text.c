/* text.c - a stranger's text made safe to show: UTF-8, and nothing that steers what follows. */
#include "text.h"

#include <string.h>

#include <libavutil/avstring.h>

uint32_t text_next(const char **text, const char *end)
{
	const uint8_t *at = (const uint8_t *)*text;
	int32_t character;
	int code = av_utf8_decode(&character, &at, (const uint8_t *)end,
	                          AV_UTF8_FLAG_EXCLUDE_XML_INVALID_CONTROL_CODES);

	*text = (const char *)at;
	return code < 0 ? TEXT_BROKEN : (uint32_t)character;
}

bool text_is_valid(const char *text)
{
	const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
	int32_t character;

	while (at < end)
		if (av_utf8_decode(&character, &at, end, 0) < 0)
			return false;
	return true;
}

size_t text_put(uint32_t character, char bytes[4])
{
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
	static const uint32_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = length; i-- > 1; character >>= 6)
		bytes[i] = (char)(0x80 | (character & 0x3f));
	bytes[0] = (char)(marks[length] | character);
	return length;
}

static bool steers(uint32_t character)
{
	return (character >= 0x200e && character <= 0x200f) ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069) || character == 0xfeff ||
	       (character >= 0x7f && character < 0xa0);
}

void text_clean(const char *text, char *out, size_t size)
{
	const char *end = text + strlen(text);
	size_t length = 0;

	while (text < end) {
		uint32_t character = text_next(&text, end);
		char bytes[4];
		size_t count;

		if (character == '\t' || character == '\n' || character == '\r')
			character = ' ';
		if (steers(character) || (character == ' ' && (length == 0 || out[length - 1] == ' ')))
			continue;
		count = text_put(character, bytes);
		if (length + count >= size)
			break;
		memcpy(out + length, bytes, count);
		length += count;
	}
	while (length > 0 && out[length - 1] == ' ')
		length--;
	out[length] = '\0';
}
