/* cues.c - the subtitles of one track, kept until all are known, and written as WebVTT. */
#include "cues.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/common.h>

#include "vtt_time.h"

/* A hundred times what a long film has. */
#define BYTES_MAX (4 << 20)
/* For one that does not say how long it is shown. */
#define SHOWN_MS 5000

static int grow(void **items, size_t *capacity, size_t wanted, size_t size, struct vm_error *err)
{
	size_t larger = wanted * 2;
	void *grown;

	if (wanted <= *capacity)
		return VM_OK;
	if ((grown = realloc(*items, larger * size)) == NULL)
		return vm_fail_memory(err);
	*items = grown;
	*capacity = larger;
	return VM_OK;
}

int cues_add(struct cues *cues, int64_t start_ms, int64_t end_ms, const char *text, bool top,
             struct vm_error *err)
{
	size_t length = strlen(text) + 1;
	void *items = cues->items, *bytes = cues->text;
	int status;

	if (end_ms <= start_ms)
		end_ms = av_sat_add64(start_ms, SHOWN_MS);
	if (length == 1 || end_ms <= 0)
		return VM_OK;
	if (cues->count * sizeof *cues->items + cues->text_length + length > BYTES_MAX) {
		cues->left_out++;
		return VM_OK;
	}
	status = grow(&items, &cues->capacity, cues->count + 1, sizeof *cues->items, err);
	cues->items = items;
	if (status == VM_OK)
		status = grow(&bytes, &cues->text_capacity, cues->text_length + length, 1, err);
	cues->text = bytes;
	if (status != VM_OK)
		return status;
	memcpy(cues->text + cues->text_length, text, length);
	cues->items[cues->count] = (struct cue){.start_ms = start_ms > 0 ? start_ms : 0,
	                                        .end_ms = end_ms,
	                                        .text = cues->text_length,
	                                        .order = cues->count,
	                                        .top = top};
	cues->count++;
	cues->text_length += length;
	return VM_OK;
}

static int earlier(const void *a, const void *b)
{
	const struct cue *one = a, *other = b;

	if (one->start_ms != other->start_ms)
		return one->start_ms < other->start_ms ? -1 : 1;
	return one->order < other->order ? -1 : 1;
}

char *cues_vtt(struct cues *cues, int64_t end_ms)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);
	bool failed;

	if (stream == NULL)
		return NULL;
	if (cues->count > 0)
		qsort(cues->items, cues->count, sizeof *cues->items, earlier);
	/* The pictures begin at 0 as well: so HLS is told, and others pass over it. */
	fputs("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n", stream);
	for (size_t i = 0; i < cues->count && cues->items[i].start_ms < end_ms; i++) {
		const struct cue *cue = &cues->items[i];

		fputc('\n', stream);
		vtt_time_write(stream, cue->start_ms);
		fputs(" --> ", stream);
		vtt_time_write(stream, FFMIN(cue->end_ms, end_ms));
		fprintf(stream, "%s\n%s\n", cue->top ? " line:0" : "", cues->text + cue->text);
	}
	failed = ferror(stream) != 0;
	if (fclose(stream) != 0 || failed) {
		free(text);
		return NULL;
	}
	return text;
}

void cues_finish(struct cues *cues)
{
	free(cues->items);
	free(cues->text);
	*cues = (struct cues){0};
}
