/* compute_mock.c - tasks as plain child processes, remembered in the mock's state. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vidmill/plugin.h>

#include "mock.h"

struct config {
	int64_t tasks;
	uint64_t grace_ms;
	struct vm_groups script;
};

static const struct vm_option options[] = {
    {.name = "tasks",
     VM_INT(struct config, tasks),
     .fallback = "2",
     .min = 1,
     .max = 64,
     .doc = "How many tasks may run at once."},
    {.name = "grace",
     VM_DURATION(struct config, grace_ms),
     .fallback = "3s",
     .max = 60000,
     .doc = "How long a task that was asked to end may take for it."},
    SCRIPT_OPTION(struct config, script),
    {0}};

/* The time a process started, in clock ticks since boot; 0: there is none, or it has ended. */
static json_int_t start_time(json_int_t pid)
{
	char path[64], line[1024], *at;
	unsigned long long ticks = 0;
	char state = 'Z';
	FILE *file;

	snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	/* The name may hold anything: what counts stands behind its last parenthesis. */
	at = fgets(line, sizeof line, file) != NULL ? strrchr(line, ')') : NULL;
	fclose(file);
	if (at == NULL || sscanf(at + 1,
	                         " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
	                         "%*d %*d %llu",
	                         &state, &ticks) != 2)
		return 0;
	return state == 'Z' || state == 'X' ? 0 : (json_int_t)ticks;
}

static json_int_t number(const json_t *task, const char *name)
{
	return json_integer_value(json_object_get(task, name));
}

static bool set_number(json_t *task, const char *name, json_int_t value)
{
	return json_object_set_new(task, name, json_integer(value)) == 0;
}

/* Where the nanny of a task writes how it ended. */
static void exit_path(const struct mock *mock, const char *token, char *path, size_t size)
{
	snprintf(path, size, "%s/exit-%s", mock->dir, token);
}

static int read_exit(const struct mock *mock, const char *token)
{
	char path[4096];
	int code = INT32_MIN;
	FILE *file;

	exit_path(mock, token, path, sizeof path);
	file = fopen(path, "re");
	if (file == NULL)
		return INT32_MIN;
	if (fscanf(file, "%d", &code) != 1)
		code = INT32_MIN;
	fclose(file);
	return code;
}

/* Enforces the grace, too: whoever asks after a task does that. */
static bool is_living(const json_t *task)
{
	json_int_t pid = number(task, "pid"), kill_ms = number(task, "kill_ms");

	(void)waitpid((pid_t)pid, NULL, WNOHANG);
	if (start_time(pid) == 0 || start_time(pid) != number(task, "started"))
		return false;
	if (kill_ms != 0 && state_unix_ms() >= kill_ms)
		kill(-(pid_t)pid, SIGKILL);
	return true;
}

static uint32_t free_tasks(const struct mock_turn *turn, json_t *tasks)
{
	const struct config *config = turn->mock->config;
	int64_t living = 0;
	const char *token;
	json_t *task;

	json_object_foreach(tasks, token, task) living += is_living(task);
	return living < config->tasks ? (uint32_t)(config->tasks - living) : 0;
}

/* In the child: nothing that allocates. */
noreturn static void become_task(const struct vm_task *want, char **environment, int report)
{
	sigset_t none;

	signal(SIGTERM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	environ = environment;
	execvp(want->command[0], (char **)(uintptr_t)want->command);
	(void)!write(report, &errno, sizeof errno);
	_exit(127);
}

/* Between the server and the task, so that somebody knows how the task ended. */
noreturn static void become_nanny(const struct vm_task *want, char **environment, int report,
                                  const char *path)
{
	int status = 0, file;
	pid_t task;

	setsid();
	signal(SIGTERM, SIG_IGN); /* it goes to the whole group, and is meant for the task */
	task = fork();
	if (task == 0)
		become_task(want, environment, report);
	/* The state's lock among them: it would be held for as long as the task lives. */
	close_range(3, UINT_MAX, 0);
	if (task < 0 || waitpid(task, &status, 0) != task)
		_exit(127);
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file >= 0)
		dprintf(file, "%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	_exit(0);
}

/* The environment and the job, in one block; free(). */
static char **make_environment(const char *job)
{
	size_t count = 0, size = sizeof VM_JOB_VARIABLE "=" + strlen(job);
	char **list, *variable;

	while (environ[count] != NULL)
		count++;
	list = malloc((count + 2) * sizeof *list + size);
	if (list == NULL)
		return NULL;
	memcpy(list, environ, count * sizeof *list);
	variable = (char *)(list + count + 2);
	snprintf(variable, size, VM_JOB_VARIABLE "=%s", job);
	list[count] = variable;
	list[count + 1] = NULL;
	return list;
}

static int spawn(const struct mock *mock, const struct vm_task *want, pid_t *pid,
                 struct vm_error *err)
{
	char path[4096];
	char **environment = make_environment(want->job);
	int report[2], failed = 0;

	if (environment == NULL)
		return vm_fail_memory(err);
	if (pipe2(report, O_CLOEXEC) != 0) {
		free(environment);
		return vm_fail(err, VM_ERR_UNAVAILABLE, "start: %s", strerror(errno));
	}
	exit_path(mock, want->token, path, sizeof path);
	*pid = fork();
	if (*pid == 0)
		become_nanny(want, environment, report[1], path);
	close(report[1]);
	free(environment);
	if (*pid > 0 && read(report[0], &failed, sizeof failed) != (ssize_t)sizeof failed)
		failed = 0;
	close(report[0]);
	if (*pid < 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "start: no process can be made");
	if (failed != 0)
		return vm_fail(err, VM_ERR_CONFIG, "start %s: %s", want->command[0], strerror(failed));
	return VM_OK;
}

static int start_new(struct mock_turn *turn, json_t *tasks, const struct vm_task *want,
                     struct vm_error *err)
{
	json_t *task;
	pid_t pid;
	int status;

	if (free_tasks(turn, tasks) == 0)
		return vm_fail(err, VM_ERR_THROTTLED, "start %s: no room", want->token);
	if ((status = spawn(turn->mock, want, &pid, err)) != VM_OK)
		return status;
	task = json_object();
	if (json_object_set_new(tasks, want->token, task) != 0 || !set_number(task, "pid", pid) ||
	    !set_number(task, "started", start_time(pid))) {
		kill(-pid, SIGKILL);
		return vm_fail_memory(err);
	}
	turn->is_changed = true;
	return VM_OK;
}

static int start(void *self, const struct vm_task *want, char name[VM_TASK_MAX],
                 const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	json_t *tasks;
	int status = mock_begin(&turn, self, "start", want->token, strlen(want->token), call, err);

	if (status == VM_OK) {
		tasks = state_object(&turn.state, "tasks");
		if (tasks == NULL)
			status = vm_fail_memory(err);
		else if (json_object_get(tasks, want->token) == NULL)
			status = start_new(&turn, tasks, want, err);
	}
	snprintf(name, VM_TASK_MAX, "%s", want->token);
	return mock_end(&turn, status, call, err);
}

static void describe(bool living, int code, struct vm_task_status *out)
{
	out->state = living ? VM_TASK_RUNNING : VM_TASK_STOPPED;
	out->exit_code = code;
	out->reason[0] = '\0';
	if (!living && code != INT32_MIN)
		snprintf(out->reason, sizeof out->reason,
		         code < 0 ? "ended by signal %d" : "ended with exit code %d", abs(code));
}

static int status_of(void *self, const char *name, struct vm_task_status *out,
                     const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	json_t *task;
	int status = mock_begin(&turn, self, "status", name, strlen(name), call, err);

	if (status == VM_OK) {
		task = json_object_get(json_object_get(turn.state.root, "tasks"), name);
		out->exit_code = INT32_MIN;
		out->reason[0] = '\0';
		if (task == NULL)
			out->state = VM_TASK_UNKNOWN;
		else
			describe(is_living(task), read_exit(turn.mock, name), out);
	}
	return mock_end(&turn, status, call, err);
}

static int stop(void *self, const char *name, const struct vm_call *call, struct vm_error *err)
{
	struct mock *mock = self;
	const struct config *config = mock->config;
	struct mock_turn turn;
	json_t *task;
	int status = mock_begin(&turn, mock, "stop", name, strlen(name), call, err);

	if (status == VM_OK) {
		task = json_object_get(json_object_get(turn.state.root, "tasks"), name);
		if (task != NULL && is_living(task) && number(task, "kill_ms") == 0) {
			kill(-(pid_t)number(task, "pid"), SIGTERM);
			/* Whoever asks after the task next enforces it: enough for a test. */
			turn.is_changed = set_number(task, "kill_ms",
			                             state_unix_ms() + (json_int_t)config->grace_ms);
		}
	}
	return mock_end(&turn, status, call, err);
}

static int capacity(void *self, uint32_t *out, const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	json_t *tasks;
	int status = mock_begin(&turn, self, "capacity", "", 0, call, err);

	if (status == VM_OK) {
		tasks = state_object(&turn.state, "tasks");
		if (tasks == NULL)
			status = vm_fail_memory(err);
		else
			*out = free_tasks(&turn, tasks);
	}
	return mock_end(&turn, status, call, err);
}

static void traits(void *self, struct vm_compute_traits *out)
{
	(void)self;
	out->start_ms = 15000;
	out->watch_ms = 500;
	out->ends_with_host = true;
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct config *own = config;
	struct mock *mock;
	int status = mock_create(host, config, &own->script, &mock, err);

	if (status == VM_OK)
		*self = mock;
	return status;
}

static const struct vm_compute_ops ops = {.size = sizeof ops,
                                          .traits = traits,
                                          .start = start,
                                          .status = status_of,
                                          .stop = stop,
                                          .capacity = capacity};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_COMPUTE),
    .name = "compute-mock",
    .version = "0.1.0",
    .summary = "Compute for tests: child processes, or what its script says.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.compute = &ops,
    .create = create,
    .destroy = mock_destroy,
};
