/* scan_token.c - how far the things reach that a pipeline file is made of. */
#include "pipeline/scan_token.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*"
#define NAME_CHARACTERS LETTERS "0123456789_-"
/* Where a bare value ends. */
#define VALUE_ENDS SCAN_BLANKS "\"#,;=(){}[]"

size_t scan_comment_length(const char *text)
{
	const char *end;

	if (text[0] == '/' && text[1] == '*') {
		end = strstr(text + 2, "*/");
		return end != NULL ? (size_t)(end - text) + 2 : strlen(text);
	}
	return text[0] == '#' || (text[0] == '/' && text[1] == '/') ? strcspn(text, "\n") : 0;
}

size_t scan_string_length(const char *text)
{
	const char *at = text + 1;

	while (*at != '\0' && *at != '"')
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	return *at == '"' ? (size_t)(at - text) + 1 : 0;
}

size_t scan_name_length(const char *text)
{
	size_t length = strchr(LETTERS, *text) != NULL ? strspn(text, NAME_CHARACTERS) : 0;
	const char *behind = text + length;

	behind += strspn(behind, SCAN_BLANKS);
	return *behind == '=' || *behind == ':' ? length : 0;
}

size_t scan_value_length(const char *text)
{
	size_t length = 0, most = strcspn(text, VALUE_ENDS);

	while (length < most && scan_comment_length(text + length) == 0)
		length++;
	return length;
}

size_t scan_include_length(const char *line, const char **name, size_t *name_bytes)
{
	const char *at = line + strspn(line, " \t"), *end;
	size_t blanks;

	if (strncmp(at, "@include", 8) != 0)
		return 0;
	at += 8;
	blanks = strspn(at, " \t");
	at += blanks;
	if (blanks == 0 || *at != '"')
		return 0;
	end = at + 1 + strcspn(at + 1, "\"\n");
	if (*end != '"')
		return 0;
	*name = at + 1;
	*name_bytes = (size_t)(end - *name);
	return (size_t)(end + 1 - line);
}
