/* step_stored.h - between a step that is stored and what follows from it. */
#ifndef SERVER_STEP_STORED_H
#define SERVER_STEP_STORED_H

#include "video/machine.h"

/* The document is stored, its effects are not carried out: a crash point for each kind of step. */
void step_stored(const struct input *input, const struct effects *effects,
                 const struct video *after);

#endif
