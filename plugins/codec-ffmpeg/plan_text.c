/* plan_text.c - which subtitles are made, and what their outputs are called. */
#include "plan_text.h"

#include <stdio.h>
#include <string.h>

#include "plan.h"

static bool taken(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_texts; i++)
		if (strcmp(plan->texts[i].name, name) == 0)
			return true;
	return false;
}

/* By the language, with a number where there are several. */
static void name_text(const struct plan *plan, struct plan_text *text)
{
	const char *language = text->label.language;
	const char *base = language[0] != '\0' ? language : "text";

	snprintf(text->name, sizeof text->name, "%s", base);
	for (unsigned number = 2; taken(plan, text->name); number++)
		snprintf(text->name, sizeof text->name, "%s-%u", base, number % 1000);
}

void plan_texts(const struct config *config, const struct input *input, struct plan *plan)
{
	struct label labels[TEXT_STREAMS_MAX];
	size_t count = input->streams.n_texts;
	int defaults = AV_DISPOSITION_DEFAULT;

	if (!config->subtitles || plan->ladder.count == 0)
		return;
	plan->texts_left_out = input->streams.texts_left_out;
	for (size_t i = 0; i < count; i++) {
		label_read(input->streams.texts[i], "Subtitles", &labels[i]);
		/* One default at most: the first. */
		labels[i].roles &= defaults | ~AV_DISPOSITION_DEFAULT;
		defaults &= ~labels[i].roles;
	}
	label_make_unique(labels, count);
	for (size_t i = 0; i < count; i++) {
		struct plan_text text = {input->streams.texts[i], labels[i], ""};

		name_text(plan, &text);
		plan->texts[plan->n_texts++] = text;
	}
}
