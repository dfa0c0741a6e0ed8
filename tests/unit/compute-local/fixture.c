/* fixture.c - a compute instance in a folder of its own, with shell commands as its tasks. */
#include "fixture.h"

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* In steps of 10 ms. */
enum { PATIENCE = 2000 };

static void create(struct fixture *fixture)
{
	struct vm_error err;

	fixture->ops = vm_plugin_entry.ops.compute;
	ck_assert_int_eq(vm_plugin_entry.create(&fixture->host, &fixture->config, &fixture->self, &err),
	                 VM_OK);
}

void fixture_init(struct fixture *fixture)
{
	const char *tmp = getenv("TMPDIR");

	*fixture = (struct fixture){.config = {.tasks = 2, .grace_ms = 300}};
	snprintf(fixture->folder, sizeof fixture->folder, "%s/vidmill-XXXXXX",
	         tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(fixture->folder));
	fixture->host = (struct vm_host){.size = sizeof fixture->host, .role = "compute"};
	fixture->host.state_dir = fixture->folder;
	create(fixture);
}

void fixture_share(struct fixture *fixture, struct fixture *other)
{
	*other = *fixture;
	create(other);
}

static int remove_entry(const char *path, const struct stat *file, int type, struct FTW *where)
{
	(void)file;
	(void)type;
	(void)where;
	return remove(path);
}

static void stop_all(struct fixture *fixture)
{
	const struct dirent *entry;
	char path[96];
	DIR *tasks;

	snprintf(path, sizeof path, "%s/compute/tasks", fixture->folder);
	tasks = opendir(path);
	if (tasks == NULL)
		return;
	while ((entry = readdir(tasks)) != NULL) {
		stop(fixture, entry->d_name);
		wait_end(fixture, entry->d_name);
	}
	closedir(tasks);
}

void fixture_finish(struct fixture *fixture)
{
	stop_all(fixture);
	vm_plugin_entry.destroy(fixture->self);
	nftw(fixture->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int start(struct fixture *fixture, const char *token, const char *script, struct vm_error *err)
{
	char text[512], task[VM_TASK_MAX] = "";
	const char *command[] = {"/bin/sh", "-c", text, "task", NULL};
	struct vm_task want = {.token = token, .job = "{}", .command = command};
	int status;

	snprintf(text, sizeof text, "cd '%s'; %s", fixture->folder, script);
	status = fixture->ops->start(fixture->self, &want, task, NULL, err);
	ck_assert_str_eq(task, status == VM_OK ? token : "");
	return status;
}

void must_start(struct fixture *fixture, const char *token, const char *script)
{
	struct vm_error err;
	int status = start(fixture, token, script, &err);

	ck_assert_msg(status == VM_OK, "%s", err.message);
}

void stop(struct fixture *fixture, const char *token)
{
	ck_assert_int_eq(fixture->ops->stop(fixture->self, token, NULL, NULL), VM_OK);
}

struct vm_task_status status_of(struct fixture *fixture, const char *token)
{
	struct vm_task_status status = {.size = sizeof status};

	ck_assert_int_eq(fixture->ops->status(fixture->self, token, &status, NULL, NULL), VM_OK);
	return status;
}

struct vm_task_status wait_end(struct fixture *fixture, const char *token)
{
	struct vm_task_status status = status_of(fixture, token);

	for (int i = 0; i < PATIENCE && status.state == VM_TASK_RUNNING; i++) {
		pause_ms(10);
		status = status_of(fixture, token);
	}
	ck_assert_int_ne(status.state, VM_TASK_RUNNING);
	return status;
}

void check_end(struct fixture *fixture, const char *token, int32_t exit_code, const char *reason)
{
	struct vm_task_status status = wait_end(fixture, token);

	ck_assert_int_eq(status.state, VM_TASK_STOPPED);
	ck_assert_str_eq(status.reason, reason);
	ck_assert_int_eq(status.exit_code, exit_code);
}

uint32_t capacity(struct fixture *fixture)
{
	uint32_t free_tasks = UINT32_MAX;

	ck_assert_int_eq(fixture->ops->capacity(fixture->self, &free_tasks, NULL, NULL), VM_OK);
	return free_tasks;
}

static const char *read_file(struct fixture *fixture, const char *name)
{
	static char text[8192];
	char path[128];
	size_t length = 0;
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
	file = fopen(path, "r");
	if (file != NULL) {
		length = fread(text, 1, sizeof text - 1, file);
		fclose(file);
	}
	text[length] = '\0';
	return text;
}

const char *wait_file(struct fixture *fixture, const char *name)
{
	const char *text = read_file(fixture, name);

	for (int i = 0; i < PATIENCE && (*text == '\0' || text[strlen(text) - 1] != '\n'); i++) {
		pause_ms(10);
		text = read_file(fixture, name);
	}
	ck_assert_msg(*text != '\0', "%s never came", name);
	return text;
}

int count_lines(struct fixture *fixture, const char *name)
{
	int count = 0;

	for (const char *c = read_file(fixture, name); *c != '\0'; c++)
		count += *c == '\n';
	return count;
}

bool is_alive(long pid)
{
	char path[64], state = 'Z';
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(file);
	return state != 'Z' && state != 'X';
}

void wait_dead(long pid)
{
	for (int i = 0; i < PATIENCE && is_alive(pid); i++)
		pause_ms(10);
	ck_assert_msg(!is_alive(pid), "process %ld lives on", pid);
}

void pause_ms(long duration_ms)
{
	struct timespec time = {duration_ms / 1000, duration_ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}
