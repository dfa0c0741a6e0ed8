/* bind.h - binds a group written in the test itself, and gives back what was said about it. */
#ifndef TESTS_UNIT_PLUGIN_BIND_H
#define TESTS_UNIT_PLUGIN_BIND_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/option_bind.h"
#include "run.h"

struct bound {
	config_t file;
	struct option_memory *memory;
	struct diagnostics found;
	char *said; /* all of it, as it is printed */
};

/* `text` is the inside of the group; NULL: no group was written. */
static inline void bind_text(struct bound *bound, const struct vm_option *table, const char *text,
                             void *config)
{
	static const char *const reserved[] = {"plugin", NULL};
	struct option_source source = {.role = "storage", .reserved = reserved};
	size_t length;
	FILE *out;

	*bound = (struct bound){0};
	config_init(&bound->file);
	if (text != NULL) {
		ck_assert_msg(config_read_string(&bound->file, text) == CONFIG_TRUE, "%s: %s", text,
		              config_error_text(&bound->file));
		source.group = config_root_setting(&bound->file);
	}
	option_bind(table, &source, config, &bound->memory, &bound->found);
	out = open_memstream(&bound->said, &length);
	ck_assert_ptr_nonnull(out);
	for (size_t i = 0; i < bound->found.count; i++)
		fprintf(out, "%u %s%s\n", bound->found.items[i].line,
		        bound->found.items[i].is_warning ? "warning: " : "", bound->found.items[i].text);
	fclose(out);
}

static inline void bound_finish(struct bound *bound)
{
	option_memory_free(bound->memory);
	diagnostics_finish(&bound->found);
	config_destroy(&bound->file);
	free(bound->said);
}

#endif
