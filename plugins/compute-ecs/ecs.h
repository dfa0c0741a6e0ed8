/* ecs.h - the cluster and what its files share. */
#ifndef COMPUTE_ECS_ECS_H
#define COMPUTE_ECS_ECS_H

#include <pthread.h>
#include <vidmill/plugin.h>

#include "aws/endpoint.h"
#include "aws/json.h"

struct ecs_config {
	struct aws_config aws;
	const char *cluster;
	const char *task_definition;
	const char *container;
	int launch; /* enum ecs_launch */
	struct vm_strings capacity_providers;
	struct vm_strings subnets;
	struct vm_strings security_groups;
	bool public_ip;
	int64_t capacity;
	uint64_t start;
	uint64_t watch;
	/* For provision: */
	const char *image;
	struct vm_strings command;
	int64_t cpu;
	uint64_t memory;
	const char *task_role, *execution_role;
	const char *log_group;
};

enum ecs_launch { ECS_FARGATE = 0, ECS_EC2 = 1, ECS_EXTERNAL = 2 };

/* Tasks that were started a moment ago, and that a list may not show yet. */
#define ECS_RECENT_MOST 256
#define ECS_RECENT_MS 60000

struct ecs_recent {
	char task[VM_TASK_MAX];
	int64_t started_ms; /* monotonic; 0: a free place */
};

/* [any thread] */
struct ecs {
	const struct ecs_config *config;
	const struct vm_host *host;
	struct aws_client *client;
	pthread_mutex_t lock;
	/* Under the lock: */
	struct ecs_recent recent[ECS_RECENT_MOST];
	size_t starting; /* places that were taken for tasks without a name yet */
};

/* One action of the service; `in` is taken over, *out may be NULL. */
int ecs_action(const struct ecs *ecs, const char *action, const char *what, json_t *in,
               json_t **out, struct aws_refusal *refusal, const struct vm_call *call,
               struct vm_error *err);

int64_t ecs_now_ms(void);

/*
 * The ARNs of the tasks in the cluster that have this `startedBy`, or without
 * one of all tasks of the definition's family; in one desired status, RUNNING
 * or STOPPED. *out is an array of strings.
 */
int ecs_list(const struct ecs *ecs, const char *started_by, const char *desired, json_t **out,
             const struct vm_call *call, struct vm_error *err);

/* Of "RUNNING", "STOPPED" and so on; NULL is VM_TASK_UNKNOWN. */
enum vm_task_state ecs_state(const char *last_status);

/*
 * Takes a place for a task that is about to be started; VM_ERR_THROTTLED: there
 * is none. Exact among the threads of this instance; other servers may take the
 * last place at the same moment. It is left with the task's name, from when on
 * the task itself is counted, or with NULL.
 */
int ecs_take_place(struct ecs *ecs, const struct vm_call *call, struct vm_error *err);
void ecs_leave_place(struct ecs *ecs, const char *task);
/* It has ended, whatever a list may say. */
void ecs_forget(struct ecs *ecs, const char *task);

int ecs_provision(void *self, bool dry_run, vm_say_fn *say, void *ctx, const struct vm_call *call,
                  struct vm_error *err);
int ecs_permissions(void *self, enum vm_party party, vm_say_fn *say, void *ctx,
                    const struct vm_call *call, struct vm_error *err);
int ecs_start(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
              const struct vm_call *call, struct vm_error *err);
int ecs_status(void *self, const char *task, struct vm_task_status *out, const struct vm_call *call,
               struct vm_error *err);
int ecs_stop(void *self, const char *task, const struct vm_call *call, struct vm_error *err);
int ecs_capacity(void *self, uint32_t *free, const struct vm_call *call, struct vm_error *err);

#endif
