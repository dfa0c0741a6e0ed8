/* option_print.h - what an option table says, for people, programs and the documentation. */
#ifndef PLUGIN_OPTION_PRINT_H
#define PLUGIN_OPTION_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include <vidmill/option.h>

#include "plugin/load.h"

void option_print_text(const struct vm_option *table, FILE *out);
void option_print_markdown(const struct vm_option *table, FILE *out);
json_t *option_to_json(const struct vm_option *table); /* NULL: out of memory */

/* A whole plugin: kind, version, summary, threads, operations, options. */
void plugin_print_text(const struct plugin *plugin, FILE *out);
void plugin_print_markdown(const struct plugin *plugin, FILE *out); /* docs/plugins/NAME.md */
json_t *plugin_to_json(const struct plugin *plugin);

#endif
