/* process.c - the other processes of a case: apart, killed, racing. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static pid_t fork_from(struct contract *t)
{
	pid_t pid;

	expect(t, !t->loaded, "the suite forks a process that uses the plugin already");
	fflush(NULL);
	pid = fork();
	expect(t, pid >= 0, "the suite cannot fork: %s", strerror(errno));
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

_Noreturn static void end_child(struct contract *t)
{
	contract_close(t);
	/* Not _exit: a leak is found at an ordinary end. */
	exit(EXIT_SUCCESS);
}

/* Ends the case when that process did not end as it should. */
static void judge(struct contract *t, int how)
{
	if (WIFEXITED(how) && WEXITSTATUS(how) == EXIT_SUCCESS)
		return;
	if (atomic_load(&t->report->result) != 0)
		_exit(EXIT_FAILURE);
	expect(t, !WIFSIGNALED(how), "another process of the case crashed: %s",
	       strsignal(WTERMSIG(how)));
	contract_fail(t, __FILE__, __LINE__, "another process of the case ended with exit code %d",
	              WEXITSTATUS(how));
}

static int wait_for(struct contract *t, pid_t pid)
{
	int how;

	while (waitpid(pid, &how, 0) < 0)
		expect(t, errno == EINTR, "the suite cannot wait: %s", strerror(errno));
	return how;
}

void contract_apart(struct contract *t, contract_apart_fn *fn, void *arg)
{
	pid_t pid = fork_from(t);

	if (pid == 0) {
		fn(t, arg);
		end_child(t);
	}
	judge(t, wait_for(t, pid));
}

void contract_killed(struct contract *t, contract_apart_fn *fn, void *arg,
                     const atomic_bool *started, unsigned after_ms)
{
	pid_t pid = fork_from(t);
	int how;

	if (pid == 0) {
		fn(t, arg);
		end_child(t);
	}
	while (!atomic_load(started)) {
		pid_t ended = waitpid(pid, &how, WNOHANG);

		if (ended == pid) {
			judge(t, how);
			return;
		}
		contract_sleep_ms(1);
	}
	contract_sleep_ms(after_ms);
	kill(pid, SIGKILL);
	how = wait_for(t, pid);
	if (!WIFSIGNALED(how) || WTERMSIG(how) != SIGKILL)
		judge(t, how);
}

struct racer {
	struct contract *t;
	contract_race_fn *fn;
	void *self;
	void *arg;
	unsigned number;
	pthread_barrier_t *line;
};

static void *run_racer(void *ctx)
{
	struct racer *racer = ctx;

	pthread_barrier_wait(racer->line);
	racer->fn(racer->t, racer->self, racer->number, racer->arg);
	return NULL;
}

static void run_racers(struct racer *first, unsigned count)
{
	struct contract *t = first->t;
	pthread_t threads[CONTRACT_RACERS];
	struct racer racers[CONTRACT_RACERS];
	void *self = contract_create(t);

	for (unsigned i = 0; i < count; i++) {
		racers[i] = *first;
		racers[i].self = self;
		racers[i].number += i;
		if (pthread_create(&threads[i], NULL, run_racer, &racers[i]) != 0)
			contract_fail(t, __FILE__, __LINE__, "the suite cannot start a thread");
	}
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

/* A racer that has failed leaves the others waiting for ever: they end with it. */
static void wait_for_all(struct contract *t, const pid_t *pids, unsigned count)
{
	for (unsigned left = count; left > 0; left--) {
		int how = wait_for(t, -1);

		if (WIFEXITED(how) && WEXITSTATUS(how) == EXIT_SUCCESS)
			continue;
		for (unsigned i = 0; i < count; i++)
			kill(pids[i], SIGKILL);
		judge(t, how);
	}
}

void contract_race(struct contract *t, contract_race_fn *fn, void *arg)
{
	bool is_parallel = t->plugin->threads == VM_THREADS_PARALLEL;
	unsigned threads = is_parallel ? CONTRACT_RACERS / 2 : 1;
	pthread_barrier_t *line = contract_shared(t, sizeof *line);
	pthread_barrierattr_t shared;
	pid_t pids[CONTRACT_RACERS];
	unsigned count = 0;

	pthread_barrierattr_init(&shared);
	pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(line, &shared, CONTRACT_RACERS);
	pthread_barrierattr_destroy(&shared);

	for (unsigned number = 0; number < CONTRACT_RACERS; number += threads) {
		struct racer first = {.t = t, .fn = fn, .arg = arg, .number = number, .line = line};

		pids[count] = fork_from(t);
		if (pids[count] == 0) {
			run_racers(&first, threads);
			end_child(t);
		}
		count++;
	}
	wait_for_all(t, pids, count);
}
