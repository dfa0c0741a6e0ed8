/* session_internal.h - what the files of a session share. */
#ifndef WORKER_SESSION_INTERNAL_H
#define WORKER_SESSION_INTERNAL_H

#include "worker/last_words.h"
#include "worker/requests.h"
#include "worker/session.h"
#include "worker/spawn.h"

enum { TICK_MS = 500 };

struct session {
	struct session_want want;
	struct child_budget budget;
	struct child child;
	bool started, running; /* running: not collected yet */
	bool idle;             /* waits for a command */
	struct channel channel;
	struct requests requests;
	struct last_words words;
	unsigned log_lines;
	uint32_t command;

	/* of the command that is being waited for */
	enum message_type awaited;
	struct message result;
	bool answered;
	int64_t heard_ms, measured_ms;
	int64_t kill_ms; /* when patience ends after a cancel; 0: there was none */
	bool cancel_told;
};

/* Collects the child, and logs what it has cost: that is for whoever chooses its limits. */
void session_end_child(struct session *session, uint64_t wait_ms, struct child_end *end);

/* There will be no answer, because of `status`: collects the child and says why. */
void session_judge_death(struct session *session, int status, const struct vm_error *error,
                         struct verdict *verdict);

/* A failure that the child reports in good order. It is asked nothing more. */
enum session_result session_judge_answer(struct session *session, const struct vm_error *error,
                                         enum fault_place read_from, enum fault_place said_by,
                                         struct verdict *verdict);

#endif
