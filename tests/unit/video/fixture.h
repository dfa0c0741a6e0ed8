/* fixture.h - videos in a given state, and steps on them with round numbers. */
#ifndef TESTS_UNIT_VIDEO_FIXTURE_H
#define TESTS_UNIT_VIDEO_FIXTURE_H

#include "video/machine.h"

#define ID "0123456789abcdef0123456789abcdef"
#define TICKET "00112233445566778899aabbccddeeff"
#define NONCE "0011223344556677"

/* Round numbers, so that a test can say what comes out. */
extern const struct rules rules;

/* A video at time 1,000,000, moved by real steps into the state wanted. */
extern const int64_t t0;
struct video queued_video(void);
struct video dispatched_video(void); /* epoch 1, ticket TICKET, at t0 */
struct video processing_video(void); /* nonce NONCE, task "task", at t0 */
struct video failed_video(void);     /* bad_media, letter owed */
struct video processed_video(void);

/* Steps `video` in place. */
struct effects step(struct video *video, struct input input, int64_t now_ms);
/* An event of the attempt that processing_video has. */
struct event event_of(enum event_type type);
struct effects step_event_at(struct video *video, struct event event, int64_t now_ms);

#endif
