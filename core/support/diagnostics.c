/* diagnostics.c - everything that is wrong with a file, collected in one run. */
#include "support/diagnostics.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int compare_files(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static bool stands_behind(const struct diagnostic *a, const struct diagnostic *b)
{
	int order = compare_files(a->file, b->file);

	return order != 0 ? order > 0 : a->line > b->line;
}

/* Kept in order at all times, so that what belongs to one line stays in the order it was found. */
static bool insert(struct diagnostics *list, struct diagnostic found)
{
	struct diagnostic *items = reallocarray(list->items, list->count + 1, sizeof *items);
	size_t at = list->count;

	if (items == NULL)
		return false;
	for (; at > 0 && stands_behind(&items[at - 1], &found); at--)
		items[at] = items[at - 1];
	items[at] = found;
	list->items = items;
	list->count++;
	return true;
}

VM_PRINTF(5, 0)
static void add(struct diagnostics *list, const char *file, unsigned line, bool is_warning,
                const char *format, va_list arguments)
{
	struct diagnostic found = {.line = line, .is_warning = is_warning};

	if (vasprintf(&found.text, format, arguments) < 0)
		found.text = NULL;
	if (file != NULL)
		found.file = strdup(file);
	if (found.text == NULL || (file != NULL && found.file == NULL) || !insert(list, found)) {
		free(found.file);
		free(found.text);
		list->incomplete = true;
		list->errors++;
		return;
	}
	if (!is_warning)
		list->errors++;
}

void diagnostics_error(struct diagnostics *list, const char *file, unsigned line,
                       const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(list, file, line, false, format, arguments);
	va_end(arguments);
}

void diagnostics_warning(struct diagnostics *list, const char *file, unsigned line,
                         const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(list, file, line, true, format, arguments);
	va_end(arguments);
}

void diagnostics_print(const struct diagnostics *list, FILE *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct diagnostic *item = &list->items[i];

		if (item->file != NULL)
			fprintf(out, "%s:", item->file);
		if (item->file != NULL && item->line > 0)
			fprintf(out, "%u:", item->line);
		fprintf(out, "%s%s: %s\n", item->file != NULL ? " " : "",
		        item->is_warning ? "warning" : "error", item->text);
	}
	if (list->incomplete)
		fputs("error: out of memory: some of what is wrong is not listed\n", out);
}

void diagnostics_finish(struct diagnostics *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].file);
		free(list->items[i].text);
	}
	free(list->items);
	*list = (struct diagnostics){0};
}
