/* process.c - what this process must be like before any command runs. */
#include "cli/process.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* The lowest free number is taken, so each open fills the first gap. */
static void open_standard(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	else if (fcntl(STDERR_FILENO, F_GETFD) < 0)
		abort();
}

void process_prepare(void)
{
	const struct rlimit none = {0};

	open_standard();
	umask(S_IRWXG | S_IRWXO);
	(void)setrlimit(RLIMIT_CORE, &none);
}
