/* sprites_read.c - sprites.vtt read again: which tile of which sheet is shown when. */
#include "sprites_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtt_time.h"

struct reader {
	struct tile_facts facts;
	size_t columns, rows;
	size_t line;
};

static int wrong(const struct reader *reader, const char *what, struct vm_error *err)
{
	return vm_fail(err, VM_ERR_BAD_DATA, "sprites: line %zu: %s", reader->line, what);
}

static int read_times(struct reader *reader, const char *line, struct vm_error *err)
{
	int64_t start_ms, end_ms;

	if (!vtt_times_read(&line, &start_ms, &end_ms) || *line != '\0')
		return wrong(reader, "no times of a cue", err);
	if (start_ms != reader->facts.end_ms || end_ms <= start_ms)
		return wrong(reader, "a cue at the wrong time", err);
	reader->facts.end_ms = end_ms;
	return VM_OK;
}

static int read_tile(struct reader *reader, const char *line, struct vm_error *err)
{
	size_t number = reader->facts.cues++, in_sheet = reader->columns * reader->rows;
	size_t column = number % in_sheet % reader->columns, row = number % in_sheet / reader->columns;
	unsigned sheet, x, y, width, height;
	int read = 0;

	if (sscanf(line, "sheet-%3u.jpg#xywh=%5u,%5u,%5u,%5u%n", &sheet, &x, &y, &width, &height,
	           &read) != 5 ||
	    line[read] != '\0' || width == 0 || height == 0)
		return wrong(reader, "no tile", err);
	if (number == 0) {
		reader->facts.width = (int)width;
		reader->facts.height = (int)height;
	}
	if ((int)width != reader->facts.width || (int)height != reader->facts.height)
		return wrong(reader, "a tile of another size", err);
	if (sheet != number / in_sheet + 1 || x != column * width || y != row * height)
		return wrong(reader, "a tile at the wrong place", err);
	return VM_OK;
}

/* An empty line, times, a tile; and so on. */
static int read_line(struct reader *reader, const char *line, struct vm_error *err)
{
	switch (++reader->line % 3) {
	case 2:
		return line[0] == '\0' ? VM_OK : wrong(reader, "text outside of a cue", err);
	case 0:
		return read_times(reader, line, err);
	default:
		return read_tile(reader, line, err);
	}
}

int sprites_read(const char *text, size_t length, size_t columns, size_t rows,
                 struct tile_facts *out, struct vm_error *err)
{
	struct reader reader = {.columns = columns, .rows = rows, .line = 1};
	char *copy = strndup(text, length), *rest = copy, *line;
	int status = VM_OK;

	if (copy == NULL)
		return vm_fail_memory(err);
	if (length == 0 || strlen(copy) < length || text[length - 1] != '\n')
		status = vm_fail(err, VM_ERR_BAD_DATA, "sprites: it breaks off in a line");
	else if (strcmp(strsep(&rest, "\n"), "WEBVTT") != 0)
		status = vm_fail(err, VM_ERR_BAD_DATA, "sprites: it does not begin with WEBVTT");
	while (status == VM_OK && (line = strsep(&rest, "\n")) != NULL && rest != NULL)
		status = read_line(&reader, line, err);
	free(copy);
	if (status == VM_OK && (reader.facts.cues == 0 || reader.line % 3 != 1))
		status = vm_fail(err, VM_ERR_BAD_DATA, "sprites: it ends within a cue, or has none");
	if (status == VM_OK)
		*out = reader.facts;
	return status;
}
