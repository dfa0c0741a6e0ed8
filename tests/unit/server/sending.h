/* sending.h - one server and the upload of one video after the other to it. */
#ifndef TESTS_SERVER_SENDING_H
#define TESTS_SERVER_SENDING_H

#include "fake.h"

/* More than two parts of the receiver, and no multiple of one. */
#define LARGE ((20u << 20) + 12345)

extern struct fake fake;
extern char line[1200]; /* "PUT /v1/uploads/…" of the video made last */
extern char id[VIDEO_ID_MAX];
extern char *large; /* LARGE bytes */

void sending_start(void);
void sending_stop(void);

/* Makes a video and sets `line` to the request that it came with. */
void create(const char *body);
/* Asks, and checks the status and that `detail` is in the body. */
void expect(int status, const char *request, const char *headers, const void *body, size_t length,
            const char *detail);

enum video_state state_now(void);
size_t objects(void);
size_t uploads(void);
/* The connection's thread cleans up after the client has seen the end. */
void wait_until_clean(void);
void expect_source(const char *bytes, size_t length);

#endif
