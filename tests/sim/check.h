/* check.h - the promises, checked by a program that shares no code with the server's decisions. */
#ifndef TESTS_SIM_CHECK_H
#define TESTS_SIM_CHECK_H

#include "promise.h"
#include "video/video.h"

/* Looks at the world every few seconds from now on. */
void check_start(void);

/* check_video.c: at every write of a document; before NULL: it is new. */
void check_write(const struct video *before, const struct video *after);
void check_removal(const struct video *video);
void check_object_removal(const char *key);

/* check_attempt.c: the same, of attempts. */
void check_attempt(const struct video *before, const struct video *after);
/* No work stays with the dead for longer than promised. */
void check_recovery(void);

/* check_told.c: what leaves the server. */
void check_told(const struct video *video); /* to those who watch the events */
void check_logged(const char *line);
void check_notification(const struct video *before, const struct video *after);

/* What a client was promised, or has done. */
void check_promised(const char *id); /* a 2xx for its creation */
void check_uploaded(const char *id); /* an object lies under its key */
void check_may_remove(const char *id);
void check_redriven(const char *id); /* its failures may be counted from 0 again */

/* True when nothing is owed to anybody any more. */
bool check_is_settled(void);
/* After the world has come to rest. */
void check_end(void);

#endif
