/* contract.h - runs on any plugin the cases that its kind must pass. */
#ifndef CONTRACT_CONTRACT_H
#define CONTRACT_CONTRACT_H

#include <vidmill/plugin.h>

/* What is put to the test, and with what. All of it is borrowed until contract_run returns. */
struct contract_plan {
	/* The host's copy: zeroed where an older plugin ends. load was not called yet. */
	const struct vm_plugin *plugin;
	const void *config; /* the struct that the plugin's options fill */
	const char *filter; /* a glob over the names of cases; NULL: all */
	/* A small media file for a codec plugin; NULL: a WAV of two seconds that the suite makes. */
	const char *sample;
	int64_t deadline_ms; /* for one case, which asks for more where it must; 0: a minute */
	/* Ended by NULL: a program that calls contract_task and ends with what it returns. A compute
	 * plugin is asked to start it. */
	const char *const *task_command;
	/* Whether the default of every row can be read; says which one cannot. NULL: not asked. */
	int (*read_fallbacks)(const struct vm_option *table, struct vm_error *err);
};

enum contract_result { CONTRACT_OK = 1, CONTRACT_FAILED = 2, CONTRACT_SKIPPED = 3 };

struct contract_verdict {
	const char *name;
	const char *promise; /* the sentence of the header that the case tests */
	enum contract_result result;
	const char *text; /* where and why it failed or was skipped, one line; "" when it passed */
	int64_t took_ms;
};

typedef void contract_verdict_fn(void *ctx, const struct contract_verdict *verdict);

/*
 * Runs the cases one after the other, each in a process and a folder of its
 * own, and hands over each verdict. A case that crashes or hangs has failed.
 * Fails only when the cases could not be run at all. [main thread]
 */
int contract_run(const struct contract_plan *plan, contract_verdict_fn *each, void *ctx,
                 struct vm_error *err);

/* What a task does that a compute case has started: the job says it. Returns its exit code. */
int contract_task(void);

#endif
