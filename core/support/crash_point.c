/* crash_point.c - ends the process where a test wants it; an empty file in other builds. */
#include "support/crash_point.h"

#ifdef VIDMILL_CRASH_POINTS

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No worker ends so by itself: 1 is a usual way for a process to say that it failed. */
enum { EXIT_HERE = 1 };

static const char *const names[] = {
#define CRASH_NAME(name, sentence) [CRASH_##name] = #name,
    CRASH_POINTS(CRASH_NAME)};

static const char *const deeds[] = {"kill", "term", "stop", "exit"};
enum { KILL, TERM, STOP, EXIT, N_DEEDS };

static struct {
	enum crash_point point; /* CRASH_NOWHERE: none is wanted, as nearly always */
	int deed;
	unsigned hits; /* bit n: at the n-th hit */
	char folder[4096];
} plan;

static pthread_once_t plan_once = PTHREAD_ONCE_INIT;

static _Noreturn void refuse(const char *text)
{
	fprintf(stderr, "VIDMILL_CRASH: \"%s\" is not POINT kill|term|stop|exit NUMBER,… FOLDER\n",
	        text);
	_exit(2);
}

static void read_plan(void)
{
	const char *text = getenv("VIDMILL_CRASH");
	char name[64], deed[8], hits[64], *rest = NULL;

	if (text == NULL)
		return;
	if (sscanf(text, "%63s %7s %63s %4095s", name, deed, hits, plan.folder) != 4)
		refuse(text);
	while (plan.deed < N_DEEDS && strcmp(deeds[plan.deed], deed) != 0)
		plan.deed++;
	for (char *hit = strtok_r(hits, ",", &rest); hit != NULL; hit = strtok_r(NULL, ",", &rest))
		plan.hits |= 1u << (strtoul(hit, NULL, 10) % 32);
	for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			plan.point = (enum crash_point)i;
	if (plan.deed == N_DEEDS || plan.point == CRASH_NOWHERE)
		refuse(text);
}

/* Of all processes that share the folder; 0: it cannot be counted. */
static unsigned count_hit(void)
{
	char path[sizeof plan.folder + 16];

	for (unsigned n = 1;; n++) {
		int file;

		snprintf(path, sizeof path, "%s/%u", plan.folder, n);
		file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (file >= 0) {
			dprintf(file, "%ld\n", (long)getpid());
			close(file);
			return n;
		}
		if (errno != EEXIST)
			return 0;
	}
}

void crash_point(enum crash_point point)
{
	unsigned hit;

	pthread_once(&plan_once, read_plan);
	if (point != plan.point)
		return;
	hit = count_hit();
	if (hit >= 32 || (plan.hits >> hit & 1u) == 0)
		return;
	if (plan.deed == EXIT)
		_exit(EXIT_HERE);
	/* SIGTERM is for the process, which waits for it in a thread of its own; the others end or
	 * stop this very thread before it takes another step. */
	if (plan.deed == TERM)
		kill(getpid(), SIGTERM);
	else
		raise(plan.deed == KILL ? SIGKILL : SIGSTOP);
}

#endif
