/* option_report.h - the sentences about options: each mistake has its own. */
#ifndef PLUGIN_OPTION_REPORT_H
#define PLUGIN_OPTION_REPORT_H

#include <libconfig.h>

#include <vidmill/option.h>

#include "support/diagnostics.h"

/* What is being told about: "storage.unprocessed", and in a list of groups "video[0]", else "". */
struct option_report {
	const char *role;
	const char *entry;
	struct diagnostics *found;
};

/* `at` is where it stands and may be NULL. */
void option_report_unknown(const struct option_report *report, const config_setting_t *at,
                           const struct vm_option *table, const char *const *reserved);
void option_report_missing(const struct option_report *report, const config_setting_t *at,
                           const struct vm_option *row);
/* The value is not of the row's type; `name` is the row's, or an item of its list: "output[1]". */
void option_report_wrong(const struct option_report *report, const config_setting_t *at,
                         const struct vm_option *row, const char *name, const char *wants);
/* The value is none of the row's choices. */
void option_report_choice(const struct option_report *report, const config_setting_t *at,
                          const struct vm_option *row, const char *name);
void option_report_range(const struct option_report *report, const config_setting_t *at,
                         const struct vm_option *row);
/* Another sentence about the option `name`, which it begins with. */
void option_report_text(const struct option_report *report, const config_setting_t *at,
                        const char *name, const char *format, ...) VM_PRINTF(4, 5);
void option_report_warning(const struct option_report *report, const config_setting_t *at,
                           const char *name, const char *format, ...) VM_PRINTF(4, 5);

#endif
