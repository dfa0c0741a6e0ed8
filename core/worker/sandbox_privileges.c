/* sandbox_privileges.c - leaves the machine's network and gives every capability back. */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/sandbox_parts.h"

bool sandbox_leave_namespaces(void)
{
	enum { OWN = CLONE_NEWNET | CLONE_NEWIPC };

	/* Where users may not have namespaces of their own, root in a container still may. */
	return unshare(CLONE_NEWUSER | OWN) == 0 || unshare(OWN) == 0;
}

int sandbox_drop_capabilities(struct vm_error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
	struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3];

	/* Some containers refuse capset, and whoever has nothing need not give it back. */
	if (syscall(SYS_capget, &header, held) == 0 && held[0].permitted == 0 && held[1].permitted == 0)
		return VM_OK;
	if (syscall(SYS_capset, &header, none) == 0)
		return VM_OK;
	return vm_fail(err, VM_ERR_UNAVAILABLE, "give back capabilities: %s", strerror(errno));
}
