/* sprites_vtt.c - the WebVTT file that tells a player which tile of which sheet is when. */
#include <stdio.h>
#include <stdlib.h>

#include "sprites.h"
#include "vtt_time.h"

static int64_t ms(int64_t us)
{
	return (us + 500) / 1000;
}

static void write_cue(FILE *stream, const struct snaps_plan *want, size_t tile, int64_t start_us,
                      int64_t end_us)
{
	size_t columns = (size_t)want->columns, in_sheet = columns * (size_t)want->rows;
	size_t place = tile % in_sheet;

	fputc('\n', stream);
	vtt_time_write(stream, ms(start_us));
	fputs(" --> ", stream);
	vtt_time_write(stream, ms(end_us));
	fprintf(stream, "\nsheet-%03zu.jpg#xywh=%zu,%zu,%d,%d\n", tile / in_sheet + 1,
	        place % columns * (size_t)want->tiles.size.width,
	        place / columns * (size_t)want->tiles.size.height, want->tiles.size.width,
	        want->tiles.size.height);
}

char *sprites_vtt(const struct snaps_plan *want, const int64_t *times_us, size_t count,
                  int64_t end_us)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);
	bool failed;

	if (stream == NULL)
		return NULL;
	fputs("WEBVTT\n", stream);
	for (size_t i = 0; i < count; i++)
		write_cue(stream, want, i, times_us[i], i + 1 < count ? times_us[i + 1] : end_us);
	failed = ferror(stream) != 0;
	if (fclose(stream) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}
