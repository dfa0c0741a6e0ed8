/* short_symbol.c - something else of the right name. */
#include <stdint.h>

#include <vidmill/base.h>

extern VM_EXPORT const uint32_t vm_plugin_entry;
const uint32_t vm_plugin_entry = 0x564D504C;
