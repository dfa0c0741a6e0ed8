/* cues_read.c - a WebVTT file is read again, as strictly as its specification has it. */
#include "cues_read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "vtt_time.h"

struct reader {
	struct cues_facts facts;
	int64_t start_ms; /* of the cue before */
	size_t line;
	bool in_cue, blank_before;
};

static int read_timing(struct reader *reader, const char *line, struct vm_error *err)
{
	int64_t start_ms, end_ms;

	if (!reader->blank_before || !vtt_times_read(&line, &start_ms, &end_ms) ||
	    (*line != '\0' && *line != ' '))
		return vm_fail(err, VM_ERR_BAD_DATA, "webvtt: line %zu: no times of a cue", reader->line);
	if (end_ms <= start_ms || start_ms < reader->start_ms)
		return vm_fail(err, VM_ERR_BAD_DATA, "webvtt: line %zu: a cue at the wrong time",
		               reader->line);
	reader->start_ms = start_ms;
	reader->facts.cues++;
	if (end_ms > reader->facts.end_ms)
		reader->facts.end_ms = end_ms;
	reader->in_cue = true;
	return VM_OK;
}

static int read_line(struct reader *reader, const char *line, struct vm_error *err)
{
	int status = VM_OK;

	if (!text_is_valid(line))
		return vm_fail(err, VM_ERR_BAD_DATA, "webvtt: line %zu: not UTF-8", reader->line);
	if (reader->line == 1 && strcmp(line, "WEBVTT") != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "webvtt: it does not begin with WEBVTT");
	if (strstr(line, "-->") != NULL)
		status = read_timing(reader, line, err);
	else if (line[0] != '\0' && reader->blank_before && !reader->in_cue)
		status = vm_fail(err, VM_ERR_BAD_DATA, "webvtt: line %zu: text outside of a cue",
		                 reader->line);
	if (line[0] == '\0')
		reader->in_cue = false;
	reader->blank_before = line[0] == '\0';
	return status;
}

int cues_read(const char *text, size_t length, struct cues_facts *out, struct vm_error *err)
{
	struct reader reader = {0};
	char *copy = strndup(text, length), *rest = copy, *line;
	int status = copy == NULL ? vm_fail_memory(err) : VM_OK;

	if (status == VM_OK && (length == 0 || strlen(copy) < length || text[length - 1] != '\n'))
		status = vm_fail(err, VM_ERR_BAD_DATA, "webvtt: it breaks off in a line");
	while (status == VM_OK && (line = strsep(&rest, "\n")) != NULL && rest != NULL) {
		reader.line++;
		status = read_line(&reader, line, err);
	}
	free(copy);
	if (status == VM_OK)
		*out = reader.facts;
	return status;
}
