/* run.c - each case in a process and a folder of its own, with a deadline. */
#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "suites.h"

#define DEADLINE_MS INT64_C(60000)

struct run {
	const struct contract_plan *plan;
	char dir[128];
	char id[17]; /* of this run */
	unsigned number;
};

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

static void remove_tree(const char *dir)
{
	nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

_Noreturn static void run_child(const struct run *run, const struct contract_case *it,
                                struct contract_report *report, const char *dir)
{
	char state[192];
	char tag[32];
	struct contract t = {
	    .plan = run->plan,
	    .plugin = run->plan->plugin,
	    .dir = dir,
	    .state = state,
	    .tag = tag,
	    .report = report,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	};

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The verdicts alone belong on the standard output. */
	dup2(STDERR_FILENO, STDOUT_FILENO);
	/* Its own also where a case is run again and again: tests/fault/memory. */
	snprintf(state, sizeof state, "%s/state-%ld", dir, (long)getpid());
	snprintf(tag, sizeof tag, "t%sn%u", run->id, run->number);
	expect(&t, mkdir(state, 0700) == 0, "the suite cannot make %s: %s", state, strerror(errno));
	it->run(&t);
	contract_close(&t);
	/* Not _exit: a leak is found at an ordinary end. */
	exit(EXIT_SUCCESS);
}

/* Until the process has ended; it is left unreaped, so that its group's number stays its own. */
static bool wait_until_end(pid_t pid, const struct contract_report *report)
{
	struct pollfd ended = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	bool in_time = false;

	for (;;) {
		int64_t left_ms = atomic_load(&report->deadline_ms) - contract_now_ms();

		if (left_ms <= 0)
			break;
		/* The case may move its deadline meanwhile. */
		if (poll(&ended, 1, left_ms < 1000 ? (int)left_ms : 1000) == 1) {
			in_time = true;
			break;
		}
	}
	close(ended.fd);
	return in_time;
}

static void judge(struct contract_verdict *verdict, struct contract_report *report, int how,
                  bool in_time)
{
	int result = atomic_load(&report->result);
	size_t size = sizeof report->text;

	verdict->result = CONTRACT_FAILED;
	verdict->text = report->text;
	if (result == CONTRACT_FAILED || result == CONTRACT_SKIPPED)
		verdict->result = (enum contract_result)result;
	else if (!in_time)
		snprintf(report->text, size, "hung: no end after %lld s",
		         (long long)verdict->took_ms / 1000);
	else if (WIFSIGNALED(how))
		snprintf(report->text, size, "crashed: %s", strsignal(WTERMSIG(how)));
	else if (WEXITSTATUS(how) != EXIT_SUCCESS)
		snprintf(report->text, size, "ended with exit code %d: leaks? see above", WEXITSTATUS(how));
	else
		verdict->result = CONTRACT_OK;
	for (char *c = report->text; *c != '\0'; c++)
		if (*c == '\n' || *c == '\r')
			*c = ' ';
}

static int run_case(struct run *run, const struct contract_case *it, contract_verdict_fn *each,
                    void *ctx, struct vm_error *err)
{
	struct contract_verdict verdict = {.name = it->name, .promise = it->promise};
	struct contract_report *report;
	int64_t begin_ms = contract_now_ms();
	char dir[150];
	bool in_time;
	pid_t pid;
	int how = 0;

	run->number++;
	snprintf(dir, sizeof dir, "%s/%u", run->dir, run->number);
	if (mkdir(dir, 0700) != 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "make %s: %s", dir, strerror(errno));
	report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return vm_fail_memory(err);
	atomic_store(&report->deadline_ms,
	             begin_ms + (run->plan->deadline_ms > 0 ? run->plan->deadline_ms : DEADLINE_MS));
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		run_child(run, it, report, dir);
	if (pid < 0) {
		munmap(report, sizeof *report);
		return vm_fail(err, VM_ERR_UNAVAILABLE, "fork: %s", strerror(errno));
	}
	setpgid(pid, pid); /* the child does it as well: whoever is first */

	in_time = wait_until_end(pid, report);
	kill(-pid, SIGKILL);
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
		;
	verdict.took_ms = contract_now_ms() - begin_ms;
	judge(&verdict, report, how, in_time);
	each(ctx, &verdict);
	munmap(report, sizeof *report);
	remove_tree(dir);
	return VM_OK;
}

static int begin(struct run *run, struct vm_error *err)
{
	const char *parent = getenv("TMPDIR");
	unsigned char random[8];

	if (parent == NULL || parent[0] != '/' || strlen(parent) > 80)
		parent = "/tmp";
	snprintf(run->dir, sizeof run->dir, "%s/vidmill-contract-XXXXXX", parent);
	if (mkdtemp(run->dir) == NULL)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "make %s: %s", run->dir, strerror(errno));
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "getrandom: %s", strerror(errno));
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(run->id + 2 * i, 3, "%02x", random[i]);
	return VM_OK;
}

int contract_run(const struct contract_plan *plan, contract_verdict_fn *each, void *ctx,
                 struct vm_error *err)
{
	struct run run = {.plan = plan};
	int status = begin(&run, err);

	if (status != VM_OK)
		return status;
	for (const struct contract_case *const *suite = contract_suites(plan->plugin->kind);
	     status == VM_OK && *suite != NULL; suite++)
		for (const struct contract_case *it = *suite; status == VM_OK && it->name != NULL; it++)
			if (plan->filter == NULL || fnmatch(plan->filter, it->name, 0) == 0)
				status = run_case(&run, it, each, ctx, err);
	remove_tree(run.dir);
	return status;
}

void contract_allow_ms(struct contract *t, uint64_t more_ms)
{
	atomic_fetch_add(&t->report->deadline_ms, (long long)more_ms);
}
