/* compute.c - the operations of a compute instance, each in its turn. */
#include "plugin/compute.h"

static const struct vm_compute_ops *ops_of(const struct instance *compute)
{
	return compute->plugin->entry.ops.compute;
}

void compute_traits(struct instance *compute, struct vm_compute_traits *out)
{
	*out = compute->traits.compute;
}

/*
 * The token makes a second try find the task that the first one started. When
 * that is throttled instead, the task may run all the same, and "no room, surely
 * nothing was started" would be untrue.
 */
int compute_start(struct instance *compute, const struct vm_task *want, char task[VM_TASK_MAX],
                  const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, compute, "start", TURN_CONDITIONAL, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(compute)->start(compute->self, want, task, call, &turn.error);
	return turn.status;
}

int compute_status(struct instance *compute, const char *task, struct vm_task_status *out,
                   const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	*out = (struct vm_task_status){.size = sizeof *out};
	turn_begin(&turn, compute, "status", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(compute)->status(compute->self, task, out, call, &turn.error);
	return turn.status;
}

int compute_stop(struct instance *compute, const char *task, const struct vm_call *call,
                 struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, compute, "stop", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(compute)->stop(compute->self, task, call, &turn.error);
	return turn.status;
}

int compute_capacity(struct instance *compute, uint32_t *free_tasks, const struct vm_call *call,
                     struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, compute, "capacity", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(compute)->capacity(compute->self, free_tasks, call, &turn.error);
	return turn.status;
}
