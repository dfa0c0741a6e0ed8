/* scan_number.c - numbers of a pipeline file, written so that libconfig reads them as they are. */
#include "pipeline/scan_number.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

/* [+-] digits, or 0x and hexadecimal digits, with 'L' or 'LL' behind or without. */
static bool read_integer(const char *text, bool *is_hex, size_t *digits)
{
	size_t sign = text[0] == '+' || text[0] == '-', n;

	*is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	if (*is_hex)
		n = 2 + strspn(text + 2, DIGITS "abcdefABCDEF");
	else
		n = sign + strspn(text + sign, DIGITS);
	*digits = n;
	if (n == (*is_hex ? 2 : sign))
		return false;
	return strcmp(text + n, "") == 0 || strcmp(text + n, "L") == 0 || strcmp(text + n, "LL") == 0;
}

/* Digits with one point or an exponent or both. */
static bool is_fraction(const char *text)
{
	size_t whole, part = 0;
	bool has_point, has_exponent;

	text += *text == '+' || *text == '-';
	whole = strspn(text, DIGITS);
	text += whole;
	has_point = *text == '.';
	if (has_point) {
		text++;
		part = strspn(text, DIGITS);
		text += part;
	}
	has_exponent = *text == 'e' || *text == 'E';
	if (has_exponent) {
		text++;
		text += *text == '+' || *text == '-';
		if (strspn(text, DIGITS) == 0)
			return false;
		text += strspn(text, DIGITS);
	}
	return *text == '\0' && whole + part > 0 && (has_point || has_exponent);
}

bool scan_number(const char *text, size_t length, char number[SCAN_NUMBER_MAX])
{
	char copy[SCAN_NUMBER_MAX / 2];
	bool is_hex;
	size_t digits;
	intmax_t value;

	if (length >= sizeof copy)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (!read_integer(copy, &is_hex, &digits)) {
		memcpy(number, copy, length + 1);
		return is_fraction(copy);
	}
	copy[digits] = '\0';
	errno = 0;
	value = strtoimax(copy, NULL, is_hex ? 16 : 10);
	if (errno != 0)
		snprintf(number, SCAN_NUMBER_MAX, "%s.0", is_hex ? "18446744073709551616" : copy);
	else if (value > INT32_MAX || value < INT32_MIN || digits < length)
		snprintf(number, SCAN_NUMBER_MAX, "%" PRIdMAX "L", value);
	else
		snprintf(number, SCAN_NUMBER_MAX, "%" PRIdMAX, value);
	return true;
}
