/* sandbox_landlock.c - Landlock without a single rule: nothing of its kind is allowed. */
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/sandbox_parts.h"

/* As in <linux/landlock.h>, which older systems do not have, or have without the last two. */
struct ruleset {
	uint64_t files, tcp, scoped;
};

enum { ASK_VERSION = 1 };

/* Each version of the interface handles more of them, the kernel refuses those that it lacks. */
static const struct {
	unsigned file_rights; /* the first so many bits */
	uint64_t tcp, scoped;
	size_t size;
} versions[] = {
    {0, 0, 0, 0},
    {13, 0, 0, offsetof(struct ruleset, tcp)},
    {14, 0, 0, offsetof(struct ruleset, tcp)},    /* 2: linking across folders */
    {15, 0, 0, offsetof(struct ruleset, tcp)},    /* 3: truncating */
    {15, 3, 0, offsetof(struct ruleset, scoped)}, /* 4: bind and connect */
    {16, 3, 0, offsetof(struct ruleset, scoped)}, /* 5: ioctl of devices */
    {16, 3, 3, sizeof(struct ruleset)},           /* 6: abstract sockets and signals */
};

enum { NEWEST = sizeof versions / sizeof versions[0] - 1 };

int sandbox_landlock(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	long known = version < NEWEST ? version : NEWEST;
	struct ruleset ruleset;
	int file;
	long error;

	if (version <= 0)
		return 0;
	ruleset = (struct ruleset){.files = (UINT64_C(1) << versions[known].file_rights) - 1,
	                           .tcp = versions[known].tcp,
	                           .scoped = versions[known].scoped};
	file = (int)syscall(SYS_landlock_create_ruleset, &ruleset, versions[known].size, 0);
	if (file < 0)
		return 0;
	error = syscall(SYS_landlock_restrict_self, file, 0);
	close(file);
	return error == 0 ? (int)version : 0;
}
