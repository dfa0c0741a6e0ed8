/* task.c - what a started task does: it finds its job and carries out what the job says. */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contract.h"
#include "task.h"
#include "task_first.h"

/* A task that nobody stops ends by itself. */
#define WAIT_S 60

/* Whether a process shows that text on its command line. */
static bool shows(const char *process, const char *secret)
{
	size_t length = strlen(secret);
	char path[64], line[65536];
	bool found = false;
	size_t got;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%s/cmdline", process);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	got = fread(line, 1, sizeof line, file);
	fclose(file);
	for (size_t i = 0; !found && i + length <= got; i++)
		found = memcmp(line + i, secret, length) == 0;
	return found;
}

static void leave_trace(const char *path)
{
	FILE *file = path != NULL ? fopen(path, "a") : NULL;

	/* A task on another machine finds no such folder, and cannot be counted. */
	if (file == NULL)
		return;
	fprintf(file, "%ld\n", (long)getpid());
	fclose(file);
}

static int carry_out(json_t *job)
{
	const char *deed = json_string_value(json_object_get(job, "do"));
	const char *secret = json_string_value(json_object_get(job, "secret"));
	const char *padding = json_string_value(json_object_get(job, "padding"));
	json_int_t length = json_integer_value(json_object_get(job, "padding_length"));
	char parent[32];

	if (deed == NULL || secret == NULL || padding == NULL || strlen(padding) != (size_t)length)
		return TASK_JOB_DAMAGED;
	snprintf(parent, sizeof parent, "%ld", (long)getppid());
	if (shows("self", secret) || shows(parent, secret))
		return TASK_JOB_SHOWN;
	leave_trace(json_string_value(json_object_get(job, "trace")));
	if (strcmp(deed, "wait") == 0)
		sleep(WAIT_S);
	if (strcmp(deed, "resist") == 0) {
		signal(SIGTERM, SIG_IGN);
		sleep(WAIT_S);
	}
	if (strcmp(deed, "die") == 0)
		raise(SIGKILL);
	return (int)json_integer_value(json_object_get(job, "code"));
}

static int run_task(void)
{
	const char *text = getenv(VM_JOB_VARIABLE);
	json_t *job;
	int code;

	if (text == NULL)
		return TASK_NO_JOB;
	job = json_loads(text, 0, NULL);
	if (job == NULL)
		return TASK_JOB_DAMAGED;
	code = carry_out(job);
	json_decref(job);
	return code;
}

int contract_task(void)
{
	return getpid() == 1 ? task_first_run(run_task) : run_task();
}
