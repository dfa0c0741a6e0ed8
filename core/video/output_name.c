/* output_name.c - names and types of outputs, checked character by character. */
#include "video/output_name.h"

#include <string.h>

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool is_segment(const char *segment, size_t length)
{
	bool dots = (length == 1 && segment[0] == '.') ||
	            (length == 2 && segment[0] == '.' && segment[1] == '.');

	return length > 0 && segment[0] != '-' && !dots;
}

int output_name_check(const char *name, size_t most, struct vm_error *err)
{
	size_t length = strlen(name), segment;

	if (length == 0 || length > most)
		return vm_fail(err, VM_ERR_BAD_DATA, "an output's name of %zu bytes; 1 to %zu are allowed",
		               length, most);
	if (strspn(name, LETTERS_AND_DIGITS "._-/") != length)
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "an output's name with another character than letters, digits and ._-/");
	for (;; name += segment + 1) {
		segment = strcspn(name, "/");
		if (!is_segment(name, segment))
			return vm_fail(err, VM_ERR_BAD_DATA,
			               "an output's name with the segment \"%.*s\", which is not allowed",
			               (int)segment, name);
		if (name[segment] == '\0')
			return VM_OK;
	}
}

int output_type_check(const char *content_type, struct vm_error *err)
{
	if (strspn(content_type, LETTERS_AND_DIGITS "/.+-_;=, \"") != strlen(content_type))
		return vm_fail(err, VM_ERR_BAD_DATA, "a content type with characters that none has");
	return VM_OK;
}
