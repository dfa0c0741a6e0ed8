/* effects.h - what a step of the state machine wants done, after it was stored. */
#ifndef SERVER_EFFECTS_H
#define SERVER_EFFECTS_H

#include "server/videos.h"

/*
 * Carries out all but the fate of a message in hand. What fails is logged and
 * not reported: the document says what is owed, and the sweeper comes back.
 */
void effects_carry_out(struct server *server, const struct video *video,
                       const struct effects *effects, const struct vm_call *call);

/*
 * Looks for the source of a video: steps ARRIVED or SOURCE_ABSENT. `sequencer`
 * is the storage event's; NULL when none told of it.
 */
int effects_look_for_source(struct server *server, const struct video *video, const char *sequencer,
                            struct video *after, const struct vm_call *call, struct vm_error *err);

#endif
