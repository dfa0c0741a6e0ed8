/* needs_gone.c - a plugin whose library is not there when it is loaded. */
#include <vidmill/base.h>

int vm_gone(void);

extern VM_EXPORT int (*const vm_plugin_entry)(void);
int (*const vm_plugin_entry)(void) = vm_gone;
