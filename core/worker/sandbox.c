/* sandbox.c - the walls of a codec child, in the order in which they can be put up. */
#include "worker/sandbox.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "worker/sandbox_parts.h"

/* Reserved, hardly used: libraries, a stack for each thread, an arena of malloc for each. */
#define ADDRESS_SLACK_BYTES (UINT64_C(1) << 30)

enum {
	/* Between SIGXCPU and SIGKILL, for a child that takes no notice of the first. */
	CPU_GRACE_S = 5,
	FILES_MOST = 32
};

uint64_t sandbox_address_bytes(uint64_t memory_bytes)
{
	return memory_bytes == 0 || SANDBOX_SANITIZED ? 0 : memory_bytes + ADDRESS_SLACK_BYTES;
}

static int give_up(int what, unsigned long value, const char *name, struct vm_error *err)
{
	if (prctl(what, value, 0UL, 0UL, 0UL) == 0)
		return VM_OK;
	return vm_fail(err, VM_ERR_UNAVAILABLE, "prctl %s: %s", name, strerror(errno));
}

static int bound(__rlimit_resource_t resource, uint64_t soft, uint64_t hard, const char *name,
                 struct vm_error *err)
{
	const struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};

	if (setrlimit(resource, &limit) == 0)
		return VM_OK;
	return vm_fail(err, VM_ERR_UNAVAILABLE, "setrlimit %s: %s", name, strerror(errno));
}

int sandbox_hide(struct vm_error *err)
{
	int status = bound(RLIMIT_CORE, 0, 0, "core", err);

	return status != VM_OK || SANDBOX_SANITIZED ? status
	                                            : give_up(PR_SET_DUMPABLE, 0, "dumpable", err);
}

static int bound_all(const struct sandbox *sandbox, struct vm_error *err)
{
	uint64_t address_bytes = sandbox_address_bytes(sandbox->memory_bytes);
	uint64_t cpu_s = (sandbox->cpu_ms + 999) / 1000;
	int status;

	if ((status = bound(RLIMIT_FSIZE, 0, 0, "fsize", err)) != VM_OK ||
	    (status = bound(RLIMIT_NOFILE, FILES_MOST, FILES_MOST, "nofile", err)) != VM_OK)
		return status;
	if (cpu_s > 0 && (status = bound(RLIMIT_CPU, cpu_s, cpu_s + CPU_GRACE_S, "cpu", err)) != VM_OK)
		return status;
	if (address_bytes > 0)
		return bound(RLIMIT_AS, address_bytes, address_bytes, "as", err);
	return VM_OK;
}

int sandbox_enter(const struct sandbox *sandbox, struct sandbox_walls *out, struct vm_error *err)
{
	struct sandbox_walls walls;
	int status;

	if ((status = sandbox_hide(err)) != VM_OK ||
	    (status = give_up(PR_SET_NO_NEW_PRIVS, 1, "no_new_privs", err)) != VM_OK ||
	    (status = bound_all(sandbox, err)) != VM_OK)
		return status;
	walls.namespaces = sandbox_leave_namespaces();
	if ((status = sandbox_drop_capabilities(err)) != VM_OK)
		return status;
	walls.landlock = sandbox_landlock();
	/* Last: it forbids all of the above. */
	status = sandbox_filter(err);
	if (status == VM_OK)
		*out = walls;
	return status;
}

int sandbox_follow_parent(struct vm_error *err)
{
	return give_up(PR_SET_PDEATHSIG, SIGKILL, "pdeathsig", err);
}
