/* label.c - what people call a track of the source, and whom it is for. */
#include "label.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

/* Room for a number behind a name. */
#define NUMBER_MAX 12

static const struct {
	int role;
	const char *words;
} roles[] = {
    {AV_DISPOSITION_COMMENT, "commentary"},
    {AV_DISPOSITION_VISUAL_IMPAIRED, "described"},
    {AV_DISPOSITION_DESCRIPTIONS, "described"},
    {AV_DISPOSITION_HEARING_IMPAIRED, "for the hard of hearing"},
    {AV_DISPOSITION_FORCED, "forced"},
};

static const char *tag(const AVStream *stream, const char *name)
{
	const AVDictionaryEntry *entry = av_dict_get(stream->metadata, name, NULL, 0);

	return entry != NULL ? entry->value : "";
}

static const char *role_of(int disposition)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (disposition & roles[i].role)
			return roles[i].words;
	return NULL;
}

void label_read(const AVStream *stream, const char *kind, struct label *out)
{
	const struct language *language;
	const char *role = role_of(stream->disposition), *called;
	char primary[4] = "";

	memset(out, 0, sizeof *out);
	out->roles = stream->disposition;
	language_tag(tag(stream, "language"), out->language);
	memcpy(primary, out->language, strspn(out->language, "abcdefghijklmnopqrstuvwxyz"));
	language = language_find(primary);
	if (language != NULL)
		snprintf(out->language3, sizeof out->language3, "%s", language->three);
	else if (strlen(primary) == 3)
		memcpy(out->language3, primary, sizeof primary);
	text_clean(tag(stream, "title"), out->name, sizeof out->name - NUMBER_MAX);
	if (out->name[0] != '\0')
		return;
	called = language != NULL ? language->name : out->language[0] != '\0' ? out->language : kind;
	snprintf(out->name, sizeof out->name, role != NULL ? "%s (%s)" : "%s", called, role);
}

static bool taken(const struct label *labels, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(labels[i].name, name) == 0)
			return true;
	return false;
}

void label_make_unique(struct label *labels, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		char name[LABEL_NAME_MAX];
		size_t length = strlen(labels[i].name);

		memcpy(name, labels[i].name, length + 1);
		for (unsigned number = 2; taken(labels, i, labels[i].name); number++)
			snprintf(labels[i].name, sizeof labels[i].name, "%.*s %u",
			         (int)(sizeof name - NUMBER_MAX), name, number);
	}
}
