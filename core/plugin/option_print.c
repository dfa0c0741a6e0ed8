/* option_print.c - an option table as text for people and as Markdown for the documentation. */
#include "plugin/option_print.h"

#include <string.h>

#include "plugin/option_value.h"

/* "size, from 5MiB to 5GiB", "one of slow, fast", "list of hls, dash, mp4". */
static void print_type(const struct vm_option *row, FILE *out)
{
	char range[OPTION_RANGE_TEXT_MAX];

	if (row->choices == NULL) {
		fputs(option_type_name(row->type), out);
	} else {
		fputs(row->type == VM_OPTION_CHOICE ? "one of " : "list of ", out);
		for (const char *const *choice = row->choices; *choice != NULL; choice++)
			fprintf(out, "%s%s", choice == row->choices ? "" : ", ", *choice);
	}
	if (option_has_range(row))
		fprintf(out, ", %s", option_range_text(row, range));
	if ((row->flags & VM_SECRET) != 0)
		fputs(", secret: env:NAME or file:/path", out);
	if ((row->flags & VM_UNIQUE) != 0)
		fputs(", no two the same", out);
	if ((row->flags & VM_DEPRECATED) != 0)
		fputs(", deprecated", out);
}

static int name_width(const struct vm_option *table)
{
	int width = 0;

	for (; table->name != NULL; table++)
		if ((int)strlen(table->name) > width)
			width = (int)strlen(table->name);
	return width;
}

static void print_text(const struct vm_option *table, int indent, FILE *out)
{
	int width = name_width(table);

	for (const struct vm_option *row = table; row->name != NULL; row++) {
		fprintf(out, "%*s%-*s  ", indent, "", width, row->name);
		print_type(row, out);
		if ((row->flags & VM_REQUIRED) != 0)
			fputs(", required", out);
		else if (row->fallback != NULL)
			fprintf(out, ", default %s", row->fallback);
		fprintf(out, "\n%*s%s\n", indent + width + 2, "", row->doc);
		if (row->type == VM_OPTION_GROUPS)
			print_text(row->group, indent + width + 2, out);
	}
}

void option_print_text(const struct vm_option *table, FILE *out)
{
	print_text(table, 2, out);
}

/* What would end a cell of a table, or in plain text begin HTML, is escaped. */
static void print_cell(const char *text, const char *escaped, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (strchr(escaped, *text) != NULL)
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void print_markdown_row(const struct vm_option *row, FILE *out)
{
	fprintf(out, "| `%s` | ", row->name);
	print_type(row, out);
	if ((row->flags & VM_REQUIRED) != 0) {
		fputs(" | required", out);
	} else if (row->fallback != NULL) {
		fputs(" | `", out);
		print_cell(row->fallback, "|", out);
		fputc('`', out);
	} else {
		fputs(" | none", out);
	}
	fputs(" | ", out);
	print_cell(row->doc, "|<", out);
	fputs(" |\n", out);
}

/* A list of groups gets a table of its own below the one that names it. */
void option_print_markdown(const struct vm_option *table, FILE *out)
{
	fputs("| option | type | default | meaning |\n| --- | --- | --- | --- |\n", out);
	for (const struct vm_option *row = table; row->name != NULL; row++)
		print_markdown_row(row, out);
	for (const struct vm_option *row = table; row->name != NULL; row++) {
		if (row->type == VM_OPTION_GROUPS) {
			fprintf(out, "\nEach group in the list `%s`:\n\n", row->name);
			option_print_markdown(row->group, out);
		}
	}
}
