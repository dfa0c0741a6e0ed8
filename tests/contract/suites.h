/* suites.h - the cases, by the kind of plugin that must pass them. */
#ifndef CONTRACT_SUITES_H
#define CONTRACT_SUITES_H

#include "harness.h"

/* Arrays of cases, each ended by one without a name. */
extern const struct contract_case any_cases[];
extern const struct contract_case storage_cases[], storage_list_cases[], storage_upload_cases[];
extern const struct contract_case storage_race_cases[], storage_optional_cases[];
extern const struct contract_case queue_cases[], queue_time_cases[], queue_dead_cases[];
extern const struct contract_case queue_race_cases[];
extern const struct contract_case compute_cases[], compute_race_cases[];
extern const struct contract_case meta_cases[], meta_find_cases[], meta_page_cases[];
extern const struct contract_case meta_race_cases[];
extern const struct contract_case codec_cases[], codec_fault_cases[];

/* Those of one kind, ended by NULL. */
const struct contract_case *const *contract_suites(uint32_t kind);

#endif
