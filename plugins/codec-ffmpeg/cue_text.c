/* cue_text.c - the text of one subtitle: from the form of FFmpeg's decoders into WebVTT's. */
#include "cue_text.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char styles[] = "biu";
enum { STYLES = sizeof styles - 1 };
/* Room for the longest character, an escaped one, and for what closes all styles. */
#define ROOM 32

struct writer {
	char *out;
	size_t length;
	char open[STYLES]; /* in the order of their opening */
	size_t n_open;
	bool wanted[STYLES];
	bool line, top, drawing; /* something stands on this line; a picture is drawn, not text */
};

static void put(struct writer *writer, const char *text)
{
	size_t length = strlen(text);

	memcpy(writer->out + writer->length, text, length);
	writer->length += length;
}

static void put_tag(struct writer *writer, const char *before, char style)
{
	const char tag[] = {style, '>', '\0'};

	put(writer, before);
	put(writer, tag);
}

/* Tags are nested: what was opened behind one that ends is closed with it. */
static void close_from(struct writer *writer, size_t first)
{
	while (writer->n_open > first)
		put_tag(writer, "</", writer->open[--writer->n_open]);
}

/* Before a character: tags become what is wanted. */
static void settle_styles(struct writer *writer)
{
	for (size_t i = 0; i < writer->n_open; i++)
		if (!writer->wanted[strchr(styles, writer->open[i]) - styles])
			close_from(writer, i);
	for (size_t i = 0; i < STYLES; i++)
		if (writer->wanted[i] && memchr(writer->open, styles[i], writer->n_open) == NULL) {
			put_tag(writer, "<", styles[i]);
			writer->open[writer->n_open++] = styles[i];
		}
}

static void put_character(struct writer *writer, uint32_t character)
{
	char bytes[5] = "";

	if (writer->drawing || (character < ' ' && character != '\t') || character == 0x7f)
		return;
	settle_styles(writer);
	writer->line = writer->line || (character != ' ' && character != '\t');
	if (character == '&')
		put(writer, "&amp;");
	else if (character == '<')
		put(writer, "&lt;");
	else if (character == '>')
		put(writer, "&gt;");
	else
		put(writer, (bytes[text_put(character, bytes)] = '\0', bytes));
}

static void end_line(struct writer *writer)
{
	if (writer->line)
		put(writer, "\n");
	writer->line = false;
}

/* One of the commands between braces, behind its backslash: "i1", "an8", "p0". */
static void obey(struct writer *writer, const char *command, size_t length)
{
	const char *style = length > 0 && command[0] != '\0' ? strchr(styles, command[0]) : NULL;
	char last = length > 1 ? command[length - 1] : '\0';

	if (length == 2 && style != NULL && (last == '0' || last == '1'))
		writer->wanted[style - styles] = last == '1';
	else if (length >= 1 && command[0] == 'r')
		memset(writer->wanted, 0, sizeof writer->wanted);
	else if (length == 3 && memcmp(command, "an", 2) == 0)
		writer->top = last >= '7' && last <= '9';
	else if (length == 2 && command[0] == 'p')
		writer->drawing = last != '0';
}

/* Behind "{"; returns what follows the "}". */
static const char *obey_all(struct writer *writer, const char *at, const char *end)
{
	while (at < end) {
		size_t length;

		if (*at++ != '\\')
			continue;
		length = strcspn(at, "\\}");
		if (length > (size_t)(end - at))
			length = (size_t)(end - at);
		obey(writer, at, length);
		at += length;
	}
	return end + 1;
}

/* Behind a backslash. */
static const char *put_escaped(struct writer *writer, const char *at)
{
	switch (*at) {
	case 'N':
		end_line(writer);
		return at + 1;
	case 'n':
	case 'h':
		put_character(writer, ' ');
		return at + 1;
	case '{':
	case '}':
	case '\\':
		put_character(writer, (unsigned char)*at);
		return at + 1;
	default:
		put_character(writer, '\\');
		return at;
	}
}

void cue_text(const char *event, char out[CUE_TEXT_MAX], bool *top)
{
	struct writer writer = {.out = out};
	const char *end = event + strlen(event), *brace;

	while (event < end && writer.length + ROOM < CUE_TEXT_MAX) {
		if (*event == '{' && (brace = strchr(event, '}')) != NULL)
			event = obey_all(&writer, event + 1, brace);
		else if (*event == '\\' && event + 1 < end)
			event = put_escaped(&writer, event + 1);
		else if (*event == '\n')
			end_line((event++, &writer));
		else
			put_character(&writer, text_next(&event, end));
	}
	close_from(&writer, 0);
	while (writer.length > 0 && out[writer.length - 1] == '\n')
		writer.length--;
	out[writer.length] = '\0';
	*top = writer.top;
}
