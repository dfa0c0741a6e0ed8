/* suites.c - which cases are run on a plugin of which kind. */
#include "suites.h"

#define SUITES_MAX 7

static const struct contract_case *const suites[][SUITES_MAX] = {
    [VM_KIND_STORAGE] = {any_cases, storage_cases, storage_list_cases, storage_upload_cases,
                         storage_race_cases, storage_optional_cases},
    [VM_KIND_QUEUE] = {any_cases, queue_cases, queue_dead_cases, queue_race_cases,
                       queue_time_cases},
    [VM_KIND_COMPUTE] = {any_cases, compute_cases, compute_race_cases},
    [VM_KIND_META] = {any_cases, meta_cases, meta_find_cases, meta_page_cases, meta_race_cases},
    [VM_KIND_CODEC] = {any_cases, codec_cases, codec_fault_cases},
};

const struct contract_case *const *contract_suites(uint32_t kind)
{
	return suites[kind < sizeof suites / sizeof *suites ? kind : 0];
}
