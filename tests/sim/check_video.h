/* check_video.h - the promises, checked by a program that shares nothing with the server. */
#ifndef TESTS_SIM_CHECK_VIDEO_H
#define TESTS_SIM_CHECK_VIDEO_H

#include "video/video.h"

void check_reset(void);

/* At every write of a document; before NULL: it is new. */
void check_write(const struct video *before, const struct video *after);
void check_removal(const struct video *video);

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
