/* gone.c - the library that a plugin needs and the machine lacks. */
#include <vidmill/base.h>

VM_EXPORT extern int vm_gone(void);
int vm_gone(void)
{
	return 1;
}
