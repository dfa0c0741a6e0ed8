/* compute.h - the operations of a compute instance, each in its turn. */
#ifndef PLUGIN_COMPUTE_H
#define PLUGIN_COMPUTE_H

#include "plugin/instance.h"

/* The contract is vidmill/compute.h's. */
void compute_traits(struct instance *compute, struct vm_compute_traits *out);
int compute_start(struct instance *compute, const struct vm_task *want, char task[VM_TASK_MAX],
                  const struct vm_call *call, struct vm_error *err);
int compute_status(struct instance *compute, const char *task, struct vm_task_status *out,
                   const struct vm_call *call, struct vm_error *err);
int compute_stop(struct instance *compute, const char *task, const struct vm_call *call,
                 struct vm_error *err);
int compute_capacity(struct instance *compute, uint32_t *free_tasks, const struct vm_call *call,
                     struct vm_error *err);

#endif
