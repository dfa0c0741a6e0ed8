/* http_range.h - the part of an object that a client asks for (RFC 9110, section 14). */
#ifndef SERVER_HTTP_RANGE_H
#define SERVER_HTTP_RANGE_H

#include <stdint.h>

enum range_kind {
	RANGE_WHOLE = 1,        /* none was asked for, or one that may be passed over: 200 */
	RANGE_PART = 2,         /* *first and *count: 206 */
	RANGE_UNSATISFIABLE = 3 /* behind the end: 416 */
};

/* `header` may be NULL. Several ranges at once are passed over, as the RFC allows. */
enum range_kind range_read(const char *header, uint64_t length, uint64_t *first, uint64_t *count);

#endif
