/* turns.c - one case run over and over, each time without another allocation. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "refuse.h"

/* How a process of a case ends that has leaked, or that a sanitizer has ended. */
enum { EXIT_LEAK = 77, EXIT_REPORT = 78 };
enum { PATIENCE_MS = 20000, FILES_MAX = 64, FINDINGS_MOST = 100 };

int __lsan_do_recoverable_leak_check(void) __attribute__((weak)); /* NULL: not that build */

enum outcome { PASSED = 1, FAILED = 2, FOUND = 3 };

static const char *folder;
static unsigned long most, seed, only_case, only_number, case_number;
static bool onward;

/* What one case came to. */
struct tally {
	unsigned long asked, runs, passed, failed, found, skipped;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int open_in_folder(const char *name, int flags)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return open(path, flags | O_CLOEXEC, 0600);
}

static pid_t fork_plainly(void)
{
	static pid_t (*next)(void);

	NEXT(next, "fork");
	return next();
}

/* Those that a run left behind became children of this process. */
static void end_all(void)
{
	char path[64];
	FILE *file;
	int pid;

	snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
	while ((file = fopen(path, "re")) != NULL) {
		bool none = true;

		while (fscanf(file, "%d", &pid) == 1) {
			kill(pid, SIGKILL);
			none = false;
		}
		fclose(file);
		if (none)
			return;
		while (waitpid(-1, NULL, 0) > 0)
			;
	}
}

/* Moves what a sanitizer wrote to `out`; false when it wrote nothing. */
static bool take_reports(int out)
{
	DIR *dir = opendir(folder);
	bool found = false;
	struct dirent *entry;
	char bytes[4096];
	ssize_t got;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		int fd = strncmp(entry->d_name, "report.", 7) == 0 ? open_in_folder(entry->d_name, O_RDONLY)
		                                                   : -1;

		if (fd < 0)
			continue;
		while ((got = read(fd, bytes, sizeof bytes)) > 0)
			if (write(out, bytes, (size_t)got) != got)
				abort();
		close(fd);
		unlinkat(dirfd(dir), entry->d_name, 0);
		found = true;
	}
	closedir(dir);
	return found;
}

static void keep_finding(unsigned long number, const char *what)
{
	char name[64], path[4096], to[4096];

	snprintf(name, sizeof name, "finding.%lu.%lu", case_number, number);
	snprintf(path, sizeof path, "%s/output", folder);
	snprintf(to, sizeof to, "%s/%s", folder, name);
	rename(path, to);
	dprintf(open_in_folder(name, O_WRONLY | O_APPEND), "found: %s\n", what);
}

static enum outcome judge(unsigned long number, int how, bool in_time)
{
	int output = open_in_folder("output", O_WRONLY | O_APPEND | O_CREAT);
	bool reported = take_reports(output);
	char what[64];

	close(output);
	if (!in_time)
		snprintf(what, sizeof what, "hang");
	else if (WIFSIGNALED(how))
		snprintf(what, sizeof what, "crash: %s", strsignal(WTERMSIG(how)));
	else if (WEXITSTATUS(how) == EXIT_LEAK)
		snprintf(what, sizeof what, "leak");
	else if (reported || WEXITSTATUS(how) == EXIT_REPORT)
		snprintf(what, sizeof what, "sanitizer");
	else
		return WEXITSTATUS(how) == EXIT_SUCCESS ? PASSED : FAILED;
	keep_finding(number, what);
	return FOUND;
}

/* Says where; the address sanitizer does that better. */
static void on_crash(int number)
{
	callers_print(STDERR_FILENO, "crashed");
	raise(number);
}

/* In the process of one run. */
static void become_case(void)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
	const struct sigaction action = {.sa_handler = on_crash,
	                                 .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
	int output = open_in_folder("output", O_WRONLY | O_APPEND | O_CREAT | O_TRUNC);

	for (size_t i = 0; __lsan_do_recoverable_leak_check == NULL && i < 4; i++)
		sigaction(crashes[i], &action, NULL);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	close(output);
	setpgid(0, 0);
}

/* Runs the case without allocation `number` (0: with all). False: this is that process. */
static bool run(unsigned long number, int64_t patience_ms, enum outcome *out)
{
	struct pollfd ended = {.events = POLLIN};
	bool in_time;
	pid_t pid;
	int how;

	turn->asked = 0;
	turn->refused = false;
	turn->refused_ns = 0;
	turn->onward = onward;
	turn->refused_at = number;
	pid = fork_plainly();
	if (pid == 0) {
		become_case();
		return false;
	}
	ended.fd = pidfd_open(pid, 0);
	if (pid < 0 || ended.fd < 0)
		abort();
	setpgid(pid, pid);
	in_time = poll(&ended, 1, (int)patience_ms) == 1;
	close(ended.fd);
	kill(-pid, SIGKILL);
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
		;
	end_all();
	*out = judge(number, how, in_time);
	return true;
}

/* The files that this process has open, as they were before the runs wrote into them. */
struct files {
	off_t length[FILES_MAX], at[FILES_MAX];
};

static void files_note(struct files *files)
{
	struct stat info;

	for (int fd = 3; fd < FILES_MAX; fd++) {
		int flags = fcntl(fd, F_GETFL);

		files->length[fd] = -1;
		if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fstat(fd, &info) != 0 ||
		    !S_ISREG(info.st_mode))
			continue;
		files->length[fd] = info.st_size;
		files->at[fd] = lseek(fd, 0, SEEK_CUR);
	}
}

static void files_restore(const struct files *files)
{
	for (int fd = 3; fd < FILES_MAX; fd++)
		if (files->length[fd] >= 0 && (ftruncate(fd, files->length[fd]) != 0 ||
		                               lseek(fd, files->at[fd], SEEK_SET) != files->at[fd]))
			abort();
}

static unsigned long random_below(unsigned long *state, unsigned long end)
{
	*state = *state * 6364136223846793005UL + 1442695040888963407UL;
	return (*state >> 33) % end;
}

/* The allocation of the next run, after `runs` of them; 0: no more. */
static unsigned long choose(const struct tally *tally, unsigned long *random)
{
	unsigned long runs = tally->runs;

	if (only_number != 0)
		return runs == 0 ? only_number : 0;
	if (most == 0 || tally->asked <= most)
		/* Until one is not reached: what the last run asked for says little about this one. */
		return runs == 0 || turn->refused ? runs + 1 : 0;
	if (runs == most)
		return 0;
	/* One of each of `most` equal parts. */
	return 1 + tally->asked * runs / most +
	       random_below(random, tally->asked * (runs + 1) / most - tally->asked * runs / most);
}

static void write_down(const struct tally *tally)
{
	int fd = open_in_folder("cases", O_WRONLY | O_APPEND | O_CREAT);

	dprintf(fd, "%lu %lu %lu %lu %lu %lu %lu\n", case_number, tally->asked, tally->runs,
	        tally->passed, tally->failed, tally->found, tally->skipped);
	close(fd);
}

pid_t turns_fork(void)
{
	unsigned long random = seed + ++case_number, number;
	int64_t begin_ms = now_ms(), patience_ms;
	struct tally tally = {0};
	enum outcome outcome;
	struct files files;

	if (only_case != 0 && only_case != case_number)
		return fork_plainly();
	files_note(&files);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (!run(0, 10 * PATIENCE_MS, &outcome))
		return 0;
	tally.asked = turn->asked;
	tally.skipped = outcome == FAILED; /* it is skipped here, or fails without help from us */
	tally.found = outcome == FOUND;
	patience_ms = PATIENCE_MS + 4 * (now_ms() - begin_ms);
	while (tally.skipped == 0 && tally.found < FINDINGS_MOST &&
	       (number = choose(&tally, &random)) != 0) {
		if (!run(number, patience_ms, &outcome))
			return 0;
		tally.runs++;
		tally.passed += outcome == PASSED;
		tally.failed += outcome == FAILED;
		tally.found += outcome == FOUND;
	}
	write_down(&tally);
	files_restore(&files);
	turn->refused_at = 0;
	return fork_plainly();
}

EXPORT pid_t fork(void)
{
	return turn != NULL && getpid() == turn->top ? turns_fork() : fork_plainly();
}

/* Of several threads one may be between an allocation and the place where it is kept. */
static bool is_alone(void)
{
	struct stat tasks;

	return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3;
}

/*
 * A test ends here at its first assertion that does not hold. Its own objects
 * are still on its stack: what nobody refers to was lost by the code under test.
 */
EXPORT _Noreturn void _exit(int status)
{
	static void (*next)(int);

	NEXT(next, "_exit");
	if (turn != NULL && getppid() == turn->top && turn->refused && is_alone() &&
	    __lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check() != 0)
		status = EXIT_LEAK;
	next(status);
	__builtin_unreachable();
}

/* Not a tempest of directories: those that a broken-off test leaves are removed by run.py. */
EXPORT char *mkdtemp(char *template)
{
	static char *(*next)(char *);
	char *made;
	int fd;

	NEXT(next, "mkdtemp");
	made = next(template);
	if (turn != NULL && made != NULL) {
		fd = open_in_folder("folders", O_WRONLY | O_APPEND | O_CREAT);
		dprintf(fd, "%s\n", made);
		close(fd);
	}
	return made;
}

static unsigned long number_of(const char *name)
{
	const char *text = getenv(name);

	return text != NULL ? strtoul(text, NULL, 10) : 0;
}

void turns_read(const char *dir)
{
	folder = dir;
	most = number_of("FAULT_MOST");
	seed = number_of("FAULT_SEED");
	only_case = number_of("FAULT_CASE");
	only_number = number_of("FAULT_NUMBER");
	onward = number_of("FAULT_ONWARD") != 0;
}
