/* unresolved.c - needs a function that is nowhere, as a plugin does that was linked carelessly. */
#include <vidmill/base.h>

void vm_function_that_is_nowhere(void);

extern VM_EXPORT void (*const vm_plugin_entry)(void);
void (*const vm_plugin_entry)(void) = vm_function_that_is_nowhere;
