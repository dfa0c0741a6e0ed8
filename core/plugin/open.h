/* open.h - one file opened as a plugin, or refused with a sentence. */
#ifndef PLUGIN_OPEN_H
#define PLUGIN_OPEN_H

#include "plugin/load.h"

/* Each refusal is VM_ERR_CONFIG and begins with the path. Calls no function of the plugin. */
int plugin_open(const char *path, struct plugin **out, struct vm_error *err);
/* Frees what the host keeps of it; the file stays open. Accepts NULL and half-built. */
void plugin_free(struct plugin *plugin);

#endif
