/* option_binding.h - one bind in progress, shared by the files that do it. */
#ifndef PLUGIN_OPTION_BINDING_H
#define PLUGIN_OPTION_BINDING_H

#include "plugin/option_bind.h"
#include "plugin/option_report.h"

struct binding {
	struct option_report report;
	struct option_memory **memory;
};

/* All of a group, or (NULL) the defaults alone. */
void option_bind_group(const struct binding *binding, const struct vm_option *table,
                       const config_setting_t *group, const char *const *reserved, void *config);

/* One option that was written, of any type. */
void option_bind_setting(const struct binding *binding, const struct vm_option *row,
                         const config_setting_t *setting, void *field);

/* One text, or the secret that it stands for; `at` may be NULL. */
void option_bind_text(const struct binding *binding, const struct vm_option *row,
                      const config_setting_t *at, const char *text, const char **field);

/* Lists and arrays of texts; lists of groups. */
void option_bind_strings(const struct binding *binding, const struct vm_option *row,
                         const config_setting_t *list, struct vm_strings *field);
void option_bind_groups(const struct binding *binding, const struct vm_option *row,
                        const config_setting_t *list, struct vm_groups *field);

void option_bind_no_memory(const struct binding *binding);

#endif
