/* audit.h - every promise to a video held against what is there; repairs what can be. */
#ifndef SERVER_AUDIT_H
#define SERVER_AUDIT_H

#include "server/server.h"
#include "video/video.h"

enum finding_kind {
	FINDING_UNCHECKED = 1,    /* a place did not answer: nothing is known */
	FINDING_DOCUMENT = 2,     /* a document that cannot be read */
	FINDING_RESULT = 3,       /* a visible result that is not complete */
	FINDING_SOURCE = 4,       /* a video that needs its source, and the source is gone */
	FINDING_STUCK = 5,        /* what was due was not done */
	FINDING_ARRIVAL = 6,      /* a source lies there and its video does not know */
	FINDING_STRAY_SOURCE = 7, /* a source without a video */
	FINDING_ORPHAN = 8,       /* objects of no visible result and no living attempt */
	FINDING_UPLOAD = 9,       /* an upload that nobody will finish */
	FINDING_DEAD_LETTER = 10, /* a dead letter of no known video */
	FINDING_END
};

struct finding {
	enum finding_kind kind;
	char video[VIDEO_ID_MAX]; /* empty: of none */
	char what[1024];          /* what was found, as a sentence */
	bool repaired;            /* or on its way: a server does the rest */
	char remedy[512];         /* what was done; else what can be done */
};

struct audit_sums {
	uint64_t videos, results, objects, uploads, dead_letters; /* looked at */
	uint64_t findings, repaired, unchecked;
};

struct audit_options {
	bool deep;      /* reads every output and compares its SHA-256 */
	bool repair;    /* mends what can be mended, by the state machine; removes orphans */
	int64_t age_ms; /* what is younger is no orphan yet */
	void (*found)(void *ctx, const struct finding *finding);
	void (*progress)(void *ctx, const char *label, uint64_t done, uint64_t total);
	void *ctx;
};

const char *finding_name(enum finding_kind kind);

/*
 * Goes through documents, objects, uploads and dead letters. Safe beside running
 * servers: every repair is a step of the state machine, or the removal of what
 * its document says to be lost. A source or a visible result is never removed. Needs memory
 * for what is found, at most 10,000 of a kind, not for what is looked at. A
 * place that does not answer is a finding; an error means that the audit ended
 * early. [one thread, blocking]
 */
int audit_run(struct server *server, const struct audit_options *options, struct audit_sums *sums,
              struct vm_error *err);

#endif
