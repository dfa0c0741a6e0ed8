/* scan.c - what is done to a pipeline file before libconfig reads it. */
#include "pipeline/scan.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "pipeline/scan_names.h"
#include "pipeline/scan_number.h"
#include "pipeline/scan_token.h"

#define DEPTH_MAX 10 /* of includes */

/* What may come next: without a grammar, as much of one as is needed. */
enum expected { NAME = 1, VALUE = 2, NAME_OR_VALUE = 3 };

struct scan {
	struct source *source;
	struct diagnostics *found;
	struct scan_names names;
	struct scan_name name; /* the one that values now belong to */
	unsigned n_twice;
	unsigned depth;
	struct vm_error err; /* of what ends the scan */
	int status;
};

/* One file being read. Its bytes end with a NUL, and have no other. */
struct cursor {
	const char *at;
	unsigned file, line;
	enum expected expected;
};

static void walk(struct scan *scan, unsigned file);

static const char *path_of(const struct scan *scan, unsigned file)
{
	return scan->source->files[file].path;
}

static void emit(struct scan *scan, const char *bytes, size_t length)
{
	if (scan->status == VM_OK)
		scan->status = buffer_append(&scan->source->text, bytes, length, &scan->err);
}

static void begin_line(struct scan *scan, unsigned file, unsigned line)
{
	if (scan->status == VM_OK)
		scan->status = source_begin_line(scan->source, file, line, &scan->err);
}

/* Takes over what is in front, lines counted. */
static void copy(struct scan *scan, struct cursor *cursor, size_t length)
{
	for (; length > 0; length--, cursor->at++) {
		emit(scan, cursor->at, 1);
		if (*cursor->at == '\n')
			begin_line(scan, cursor->file, ++cursor->line);
	}
}

static void take_name(struct scan *scan, struct cursor *cursor, size_t length)
{
	struct scan_name name = {
	    .text = cursor->at, .length = length, .file = cursor->file, .line = cursor->line};
	const struct scan_name *first = scan_names_find(&scan->names, &name);
	char twice[32];

	scan->name = name;
	if (first != NULL) {
		snprintf(twice, sizeof twice, SCAN_TWICE "%u", ++scan->n_twice);
		emit(scan, twice, strlen(twice));
		cursor->at += length;
		diagnostics_error(scan->found, path_of(scan, cursor->file), cursor->line,
		                  "\"%.*s\" is given twice; the first time in %s:%u", (int)length,
		                  name.text, path_of(scan, first->file), first->line);
		return;
	}
	if (scan->status == VM_OK)
		scan->status = scan_names_add(&scan->names, &name, &scan->err);
	copy(scan, cursor, length);
}

static bool is_bool(const char *text, size_t length)
{
	return (length == 4 && strncasecmp(text, "true", 4) == 0) ||
	       (length == 5 && strncasecmp(text, "false", 5) == 0);
}

/*
 * A value without quotes is a number, true, false, or a text that lacks them. It
 * is not repeated: it may be a secret that should not stand here at all.
 */
static void take_value(struct scan *scan, struct cursor *cursor, size_t length)
{
	char number[SCAN_NUMBER_MAX];

	cursor->expected = NAME;
	if (scan_number(cursor->at, length, number)) {
		emit(scan, number, strlen(number));
		cursor->at += length;
	} else if (is_bool(cursor->at, length) || memchr(cursor->at, '\\', length) != NULL) {
		copy(scan, cursor, length);
	} else {
		diagnostics_error(scan->found, path_of(scan, cursor->file), cursor->line,
		                  "the text of \"%.*s\" must stand in quotes", (int)scan->name.length,
		                  scan->name.text);
		emit(scan, "\"", 1);
		copy(scan, cursor, length);
		emit(scan, "\"", 1);
	}
}

/* A name that is not absolute is taken from the folder of the file that has it. */
static int open_include(struct scan *scan, const char *from, const char *name, size_t length,
                        struct vm_error *err)
{
	const char *slash = *name != '/' ? strrchr(from, '/') : NULL;
	int folder = slash != NULL ? (int)(slash + 1 - from) : 0;
	char path[PATH_MAX];

	if (scan->depth == DEPTH_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "%d files deep; does it include itself?", DEPTH_MAX);
	if (snprintf(path, sizeof path, "%.*s%.*s", folder, from, (int)length, name) >= PATH_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "its name is too long");
	return source_add_file(scan->source, path, err);
}

static void include(struct scan *scan, struct cursor *cursor, const char *name, size_t length)
{
	const char *from = path_of(scan, cursor->file);
	struct vm_error err;

	if (open_include(scan, from, name, length, &err) != VM_OK) {
		diagnostics_error(scan->found, from, cursor->line, "include \"%.*s\": %s", (int)length,
		                  name, err.message);
		scan->status = VM_ERR_CONFIG;
		return;
	}
	emit(scan, "\n", 1);
	walk(scan, scan->source->n_files - 1);
	emit(scan, "\n", 1);
	begin_line(scan, cursor->file, cursor->line);
}

/* libconfig takes the end of the file for the end of whatever is open. */
static void refuse_unclosed(struct scan *scan, unsigned file, unsigned line, const char *what)
{
	diagnostics_error(scan->found, path_of(scan, file), line, "the %s that begins here never ends",
	                  what);
	scan->status = VM_ERR_CONFIG;
}

static void take_comment(struct scan *scan, struct cursor *cursor, size_t length)
{
	if (cursor->at[1] == '*' && (length < 4 || memcmp(cursor->at + length - 2, "*/", 2) != 0))
		refuse_unclosed(scan, cursor->file, cursor->line, "comment");
	copy(scan, cursor, length);
}

static void take_string(struct scan *scan, struct cursor *cursor)
{
	size_t length = scan_string_length(cursor->at);

	if (length == 0)
		refuse_unclosed(scan, cursor->file, cursor->line, "text");
	copy(scan, cursor, length > 0 ? length : strlen(cursor->at));
	cursor->expected = NAME;
}

/* Any other character, one at a time. */
static void take_character(struct scan *scan, struct cursor *cursor)
{
	char c = *cursor->at;

	if (c == '{' && scan->status == VM_OK)
		scan->status = scan_names_enter(&scan->names, cursor->file, cursor->line, &scan->err);
	if (c == '}')
		scan_names_leave(&scan->names);
	if (c == '=' || c == ':')
		cursor->expected = VALUE;
	else if (c == '[' || c == '(' || c == ',')
		cursor->expected = NAME_OR_VALUE;
	else if (strchr(SCAN_BLANKS, c) == NULL)
		cursor->expected = NAME;
	copy(scan, cursor, 1);
}

static void take_token(struct scan *scan, struct cursor *cursor)
{
	size_t comment = scan_comment_length(cursor->at), length;

	if (comment > 0) {
		take_comment(scan, cursor, comment);
	} else if (*cursor->at == '"') {
		take_string(scan, cursor);
	} else if (cursor->expected != VALUE && (length = scan_name_length(cursor->at)) > 0) {
		take_name(scan, cursor, length);
	} else if (cursor->expected != NAME && (length = scan_value_length(cursor->at)) > 0) {
		take_value(scan, cursor, length);
	} else {
		take_character(scan, cursor);
	}
}

static void walk(struct scan *scan, unsigned file)
{
	struct cursor cursor = {
	    .at = scan->source->files[file].bytes.bytes, .file = file, .line = 1, .expected = NAME};
	const char *name;
	size_t length, name_bytes;
	bool is_line_start = true;

	scan->depth++;
	begin_line(scan, file, 1);
	while (cursor.at != NULL && *cursor.at != '\0' && scan->status == VM_OK) {
		if (is_line_start && (length = scan_include_length(cursor.at, &name, &name_bytes)) > 0) {
			cursor.at += length;
			include(scan, &cursor, name, name_bytes);
		} else {
			take_token(scan, &cursor);
		}
		is_line_start = cursor.at[-1] == '\n';
	}
	scan->depth--;
}

bool scan_file(struct source *source, const char *path, struct diagnostics *found)
{
	struct scan scan = {.source = source, .found = found, .name = {.text = ""}};
	const struct scan_name *open;
	struct vm_error err;

	if (source_add_file(source, path, &err) != VM_OK) {
		diagnostics_error(found, path, 0, "%s", err.message);
		return false;
	}
	walk(&scan, 0);
	open = scan_names_open(&scan.names);
	if (scan.status == VM_OK && open != NULL)
		refuse_unclosed(&scan, open->file, open->line, "group");
	scan_names_finish(&scan.names);
	if (scan.status != VM_OK && scan.status != VM_ERR_CONFIG)
		diagnostics_error(found, path, 0, "%s", scan.err.message);
	return scan.status == VM_OK;
}
