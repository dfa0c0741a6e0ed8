/* escape.c - control characters and broken UTF-8, written so that nothing obeys them. */
#include "support/escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The length of the UTF-8 character that `bytes` begin with, and its number; 0 when it is none. */
static size_t decode(const unsigned char *bytes, size_t length, uint32_t *number)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = bytes[0] < 0x80             ? 1
	           : (bytes[0] & 0xE0) == 0xC0 ? 2
	           : (bytes[0] & 0xF0) == 0xE0 ? 3
	           : (bytes[0] & 0xF8) == 0xF0 ? 4
	                                       : 0;

	if (n == 0 || n > length)
		return 0;
	*number = n == 1 ? bytes[0] : bytes[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
		*number = *number << 6 | (bytes[i] & 0x3Fu);
	}
	if (*number < least[n] || *number > 0x10FFFF || (*number >= 0xD800 && *number <= 0xDFFF))
		return 0;
	return n;
}

bool is_utf8(const char *text)
{
	size_t left = strlen(text), read = 1;
	uint32_t number;

	for (; left > 0 && read > 0; text += read, left -= read)
		read = decode((const unsigned char *)text, left, &number);
	return left == 0;
}

/* C0, DEL and C1, which terminals obey; the marks that turn the direction of what follows. */
static bool is_control(uint32_t number)
{
	return number < 0x20 || (number >= 0x7F && number <= 0x9F) ||
	       (number >= 0x2028 && number <= 0x202E) || (number >= 0x2066 && number <= 0x2069);
}

size_t escape_next(const char *bytes, size_t length, bool json, char out[ESCAPE_MAX],
                   size_t *written)
{
	uint32_t number = 0;
	size_t n = decode((const unsigned char *)bytes, length, &number);
	int printed;

	if (n == 0)
		printed = json ? snprintf(out, ESCAPE_MAX, "\\ufffd")
		               : snprintf(out, ESCAPE_MAX, "\\x%02x", (unsigned)(unsigned char)bytes[0]);
	else if (number == '\n' || number == '\t')
		printed = snprintf(out, ESCAPE_MAX, number == '\n' ? "\\n" : "\\t");
	else if (json && (number == '"' || number == '\\'))
		printed = snprintf(out, ESCAPE_MAX, "\\%c", (char)number);
	else if (is_control(number))
		printed = snprintf(out, ESCAPE_MAX, json || number > 0xFF ? "\\u%04x" : "\\x%02x",
		                   (unsigned)number);
	else {
		memcpy(out, bytes, n);
		*written = n;
		return n;
	}
	*written = (size_t)printed;
	return n > 0 ? n : 1;
}
