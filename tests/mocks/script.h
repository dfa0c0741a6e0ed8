/* script.h - what a mock is told to do wrong, and when. */
#ifndef MOCKS_SCRIPT_H
#define MOCKS_SCRIPT_H

#include <stdatomic.h>

#include <vidmill/host.h>
#include <vidmill/option.h>

/*
 * One step of a script in the pipeline file:
 *
 *	script = ( { operation = "put"; call = 2; times = 1; answer = "unavailable"; },
 *	           { operation = "send"; match = "succeeded"; answer = "timeout"; after = true; } );
 *
 * Every step counts for itself the calls of its operation that match, over all
 * processes that share a state folder; one with `after` counts those whose work
 * was done. The first step that applies is taken.
 */
struct script_step {
	const char *operation;
	const char *match;
	int64_t call, times;
	int answer;
	uint64_t delay_ms;
	bool after;
};

extern const struct vm_option script_options[];

/* The row that every mock has for its script; the field is a struct vm_groups. */
#define SCRIPT_OPTION(config, field)                                                               \
	{                                                                                              \
		.name = "script", VM_GROUPS(config, field, script_options, struct script_step),            \
		.doc = "Steps, each of them an operation that is to answer otherwise."                     \
	}

struct script {
	const struct script_step *steps;
	size_t count;
	/* One for each step, in memory that all processes share: a codec has no files to count in. */
	_Atomic(uint64_t) *calls;
};

/* `dir` is there and belongs to the mock. */
int script_open(const char *dir, const struct vm_groups *steps, struct script *out,
                struct vm_error *err);
void script_close(struct script *script);

/*
 * [any thread] Before the work of an operation: another status than VM_OK is
 * what it answers at once. *step is for script_end, which comes when the work
 * is done and turns its success into what the script says: a reply that is lost.
 * `subject` is what `match` is looked for in: a key, a token, a document.
 */
int script_begin(const struct script *script, const char *operation, const void *subject,
                 size_t length, const struct script_step **step, const struct vm_call *call,
                 struct vm_error *err);
int script_end(const struct script *script, const struct script_step *step, int status,
               const struct vm_call *call, struct vm_error *err);

#endif
