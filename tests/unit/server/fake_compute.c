/* fake_compute.c - a place for work that starts none. */
#include "fake.h"

static void traits(void *self, struct vm_compute_traits *out)
{
	(void)self;
	*out = (struct vm_compute_traits){.size = sizeof *out, .start_ms = 10000, .watch_ms = 1000};
}

static int start(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
                 const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)want, (void)task, (void)call;
	return vm_fail(err, VM_ERR_THROTTLED, "no room");
}

static int status_of(void *self, const char *task, struct vm_task_status *out,
                     const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)task, (void)call, (void)err;
	out->state = VM_TASK_UNKNOWN;
	return VM_OK;
}

static int stop(void *self, const char *task, const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)task, (void)call, (void)err;
	return VM_OK;
}

static int capacity(void *self, uint32_t *free_tasks, const struct vm_call *call,
                    struct vm_error *err)
{
	(void)self, (void)call, (void)err;
	*free_tasks = 7;
	return VM_OK;
}

const struct vm_compute_ops fake_compute_ops = {
    .size = sizeof fake_compute_ops,
    .traits = traits,
    .start = start,
    .status = status_of,
    .stop = stop,
    .capacity = capacity,
};
