/* playlist_read.c - an HLS playlist is read again, as a player would. */
#include "playlist.h"

#include <stdlib.h>
#include <string.h>

#include "playlist_groups.h"

static bool begins(const char *line, size_t length, const char *with)
{
	size_t wanted = strlen(with);

	return length >= wanted && memcmp(line, with, wanted) == 0;
}

/* "6.006000,": microseconds, or -1. */
static int64_t read_duration(const char *text, size_t length)
{
	int64_t value = 0, unit = 1000000;
	size_t i = 0;

	for (; i < length && text[i] >= '0' && text[i] <= '9' && value < INT64_MAX / 100; i++)
		value = value * 10 + (text[i] - '0');
	if (i == 0 || value > INT64_MAX / unit)
		return -1;
	value *= unit;
	if (i < length && text[i] == '.')
		for (i++; i < length && text[i] >= '0' && text[i] <= '9'; i++)
			value += (text[i] - '0') * (unit /= 10);
	return i < length && text[i] == ',' ? value : -1;
}

struct reader {
	struct playlist_facts facts;
	struct playlist_groups groups;
	bool announced; /* the next line without '#' is a segment or a variant */
	bool ended, targeted, mapped, keyframes;
	size_t texts, ranges;
};

static int read_line(struct reader *reader, const char *line, size_t length, struct vm_error *err)
{
	int64_t duration;

	if (begins(line, length, "#EXTINF:")) {
		if ((duration = read_duration(line + 8, length - 8)) <= 0)
			return vm_fail(err, VM_ERR_BAD_DATA, "playlist: a segment without a duration");
		reader->facts.duration_us += duration;
		reader->announced = true;
	} else if (begins(line, length, "#EXT-X-STREAM-INF:")) {
		reader->facts.is_master = true;
		reader->announced = true;
	} else if (begins(line, length, "#EXT-X-TARGETDURATION:")) {
		reader->targeted = true;
	} else if (begins(line, length, "#EXT-X-MAP:URI=")) {
		reader->mapped = true;
	} else if (begins(line, length, "#EXT-X-I-FRAMES-ONLY")) {
		reader->keyframes = true;
	} else if (begins(line, length, "#EXT-X-BYTERANGE:")) {
		reader->ranges += length > 17 && line[17] >= '1' && line[17] <= '9';
	} else if (begins(line, length, "#EXT-X-ENDLIST")) {
		reader->ended = true;
	} else if (length > 0 && line[0] != '#') {
		if (!reader->announced)
			return vm_fail(err, VM_ERR_BAD_DATA, "playlist: a name that nothing announced");
		reader->announced = false;
		reader->facts.entries++;
		reader->texts += length > 4 && memcmp(line + length - 4, ".vtt", 4) == 0;
	}
	return VM_OK;
}

int playlist_read(const char *text, size_t length, struct playlist_facts *out, struct vm_error *err)
{
	struct reader reader = {0};
	const char *end = text + length;
	int status = VM_OK;

	if (!begins(text, length, "#EXTM3U\n"))
		return vm_fail(err, VM_ERR_BAD_DATA, "playlist: it does not begin with #EXTM3U");
	for (const char *line = text; line < end && status == VM_OK;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		if (stop == NULL)
			return vm_fail(err, VM_ERR_BAD_DATA, "playlist: it breaks off in a line");
		status = read_line(&reader, line, (size_t)(stop - line), err);
		if (status == VM_OK)
			status = playlist_groups_line(&reader.groups, line, (size_t)(stop - line), err);
		line = stop + 1;
	}
	if (status != VM_OK)
		return status;
	if (reader.facts.entries == 0 || reader.announced)
		return vm_fail(err, VM_ERR_BAD_DATA, "playlist: it names too few files");
	if (!reader.facts.is_master && (!reader.ended || !reader.targeted ||
	                                (!reader.mapped && reader.texts < reader.facts.entries)))
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "playlist: without EXT-X-ENDLIST, EXT-X-TARGETDURATION or EXT-X-MAP");
	if (reader.keyframes && reader.ranges != reader.facts.entries)
		return vm_fail(err, VM_ERR_BAD_DATA, "playlist: a keyframe without its bytes");
	*out = reader.facts;
	return VM_OK;
}
