/* known.h - what the checker remembers of each video, beside what the store says. */
#ifndef TESTS_SIM_KNOWN_H
#define TESTS_SIM_KNOWN_H

#include "video/video.h"

struct known {
	char id[VIDEO_ID_MAX];
	bool promised; /* a client was told so */
	bool uploaded, may_remove, redriven;
	int64_t waits_ms;        /* since when an outcome is waited for; 0: it is not */
	int64_t failed_ms;       /* the newest attempt that failed */
	int64_t launched_ms;     /* the newest epoch */
	uint64_t published;      /* the newest generation whose result was shown */
	char told[VIDEO_ID_MAX]; /* the newest outcome of which the watchers were told */
	uint64_t told_version;
};

void known_reset(void);
/* Of any id: made when it is new. */
struct known *know(const char *id);
void known_each(void (*visit)(struct known *known));

#endif
