/* audit_parts.h - one audit under way, as its parts see it. */
#ifndef SERVER_AUDIT_PARTS_H
#define SERVER_AUDIT_PARTS_H

#include "server/audit.h"

/* What each operation may take; a whole listing may take longer. */
enum { AUDIT_CALL_MS = 60000, AUDIT_LIST_MS = 24 * 3600 * 1000, AUDIT_FOUND_MAX = 10000 };

struct audit {
	struct server *server;
	const struct audit_options *options;
	struct audit_sums *sums;
	int64_t now_ms; /* when it began */
};

/* Tells and counts. `video` may be NULL. */
void audit_found(struct audit *audit, enum finding_kind kind, const char *video, bool repaired,
                 const char *remedy, const char *format, ...) VM_PRINTF(6, 7);
/* The same for what could not be looked at. */
void audit_unchecked(struct audit *audit, const char *video, const char *what,
                     const struct vm_error *err);
void audit_progress(const struct audit *audit, const char *label, uint64_t done, uint64_t total);

/* What is said of what --repair would mend. */
#define AUDIT_RUN_REPAIR "vidmill audit --repair mends it"

/* The document behind an object, read once for many objects in a row. */
struct audit_owner {
	char id[VIDEO_ID_MAX];
	int status;
	struct video video;
};
int audit_owner(struct audit *audit, struct audit_owner *owner, const char *id,
                struct vm_error *err);

int audit_videos(struct audit *audit, struct vm_error *err);  /* audit_videos.c */
int audit_sources(struct audit *audit, struct vm_error *err); /* audit_sources.c */
int audit_orphans(struct audit *audit, struct vm_error *err); /* audit_orphans.c */
int audit_letters(struct audit *audit, struct vm_error *err); /* audit_letters.c */

#endif
