/* drive_compute.c - the operations of compute plugins. */
#include "drive.h"

static const struct vm_compute_ops *ops(const struct drive *drive)
{
	return drive->plugin->ops.compute;
}

static int start(struct drive *drive)
{
	static const char *const command[] = {"/bin/true", NULL};
	const struct vm_task want = {
	    .token = drive_text(drive, "token"), .job = drive_text(drive, "job"), .command = command};
	char task[VM_TASK_MAX];
	int status = ops(drive)->start(drive->self, &want, task, drive->call, drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "task", json_string(task));
	return status;
}

static int status_of(struct drive *drive)
{
	struct vm_task_status state = {.size = sizeof state};
	int status = ops(drive)->status(drive->self, drive_text(drive, "task"), &state, drive->call,
	                                drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "state", json_integer(state.state));
	return status;
}

static int stop(struct drive *drive)
{
	return ops(drive)->stop(drive->self, drive_text(drive, "task"), drive->call, drive->err);
}

static int capacity(struct drive *drive)
{
	uint32_t free = 0;
	int status = ops(drive)->capacity(drive->self, &free, drive->call, drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "free", json_integer((json_int_t)free));
	return status;
}

const struct drive_operation compute_operations[] = {
    {"start", start}, {"status", status_of}, {"stop", stop}, {"capacity", capacity}, {0},
};
