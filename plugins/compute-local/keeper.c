/* keeper.c - the process between the server and one task: only system calls after the fork. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

static noreturn void report(const struct keeper *keeper, enum keeper_step step, int code)
{
	const struct keeper_report why = {.step = (int32_t)step, .code = code};

	/* When the server is gone, nobody needs to know. */
	(void)!write(keeper->report, &why, sizeof why);
	_exit(1);
}

/* Nothing of the server's stays open but its standard output and error. 0 or errno. */
static int keep_descriptors(const struct keeper *keeper)
{
	unsigned low = (unsigned)(keeper->tasks < keeper->report ? keeper->tasks : keeper->report);
	unsigned high = (unsigned)(keeper->tasks < keeper->report ? keeper->report : keeper->tasks);
	int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		return errno;
	if ((low > 3 && close_range(3, low - 1, 0) != 0) ||
	    (high > low + 1 && close_range(low + 1, high - 1, 0) != 0) ||
	    close_range(high + 1, ~0u, 0) != 0)
		return errno;
	return 0;
}

static noreturn void run_task(const struct keeper *keeper, pid_t parent, int failure)
{
	sigset_t none;
	int code;

	/* A group of its own, so that all of it can be stopped; and it dies with its keeper. */
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(127);
	for (int number = 1; number <= SIGRTMAX; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvpe(keeper->file, keeper->arguments, keeper->environment);
	code = errno;
	(void)!write(failure, &code, sizeof code);
	_exit(127);
}

/* Starts the task; returns when it runs its program, with a step and errno when it does not. */
static pid_t start_task(const struct keeper *keeper, enum keeper_step *step, int *code)
{
	pid_t parent = getpid(), task;
	int failure[2];
	ssize_t got;

	*step = KEEPER_FORK;
	*code = 0;
	/* A successful exec closes it. */
	if (pipe2(failure, O_CLOEXEC) != 0) {
		*code = errno;
		return -1;
	}
	task = _Fork();
	if (task == 0)
		run_task(keeper, parent, failure[1]);
	if (task < 0) {
		*code = errno;
		return -1;
	}
	close(failure[1]);
	*step = KEEPER_EXEC;
	got = read(failure[0], code, sizeof *code);
	close(failure[0]);
	if (got == 0)
		return task;
	waitpid(task, NULL, 0);
	return -1;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool has_ended(pid_t task)
{
	siginfo_t info = {0};

	/* It stays a zombie, for its group must keep its number until we are done with it. */
	return waitid(P_PID, (id_t)task, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == task;
}

/* Waits for SIGTERM and the end of the task, until `deadline_ms`; 0: for ever. */
static int wait_for_signal(int64_t deadline_ms)
{
	int64_t left_ms = deadline_ms - now_ms();
	struct timespec time = {0};
	sigset_t awaited;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGCHLD);
	if (deadline_ms == 0)
		return sigwaitinfo(&awaited, NULL);
	if (left_ms > 0)
		time = (struct timespec){left_ms / 1000, left_ms % 1000 * 1000000};
	return sigtimedwait(&awaited, NULL, &time);
}

static struct record_end keep(pid_t task, uint64_t grace_ms)
{
	struct record_end end = {.stop = RECORD_NOT_ASKED};
	int64_t deadline_ms = 0;

	while (!has_ended(task)) {
		int received = wait_for_signal(deadline_ms);

		if (received == SIGTERM && end.stop == RECORD_NOT_ASKED) {
			end.stop = RECORD_ASKED;
			deadline_ms = now_ms() + (int64_t)grace_ms;
			kill(-task, SIGTERM);
		} else if (end.stop == RECORD_ASKED && now_ms() >= deadline_ms) {
			end.stop = RECORD_KILLED;
			deadline_ms = 0;
			kill(-task, SIGKILL);
		}
	}
	/* What it has left behind in its group. */
	kill(-task, SIGKILL);
	waitpid(task, &end.wait_status, 0);
	return end;
}

noreturn void keeper_run(const struct keeper *keeper)
{
	enum keeper_step step;
	struct record_end end;
	int record, code;
	pid_t task;

	/* Out of reach of the terminal's keys, which are meant for the server. */
	setsid();
	prctl(PR_SET_NAME, "vidmill-keeper", 0, 0, 0);
	signal(SIGCHLD, SIG_DFL);
	code = keep_descriptors(keeper);
	if (code != 0)
		report(keeper, KEEPER_DESCRIPTORS, code);
	record = record_open(keeper->tasks, keeper->draft);
	if (record < 0 || record_publish(keeper->tasks, keeper->draft, keeper->token) != 0)
		report(keeper, KEEPER_RECORD, errno);
	task = start_task(keeper, &step, &code);
	if (task < 0) {
		unlinkat(keeper->tasks, keeper->token, 0);
		report(keeper, step, code);
	}
	close(keeper->tasks);
	close(keeper->report);

	end = keep(task, keeper->grace_ms);
	/* A disk that is full costs the exit code, not the end of the task. */
	(void)!pwrite(record, &end, sizeof end, 0);
	_exit(0);
}
