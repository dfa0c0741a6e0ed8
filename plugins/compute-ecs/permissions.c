/* permissions.c - the least that the server, and what starts its tasks, must be allowed. */
#include <string.h>

#include "aws/form.h"
#include "aws/statement.h"
#include "ecs.h"

struct telling {
	struct ecs *ecs;
	vm_say_fn *say;
	void *ctx;
	struct vm_error *err;
	char arn[160]; /* "arn:aws:ecs:eu-west-1:123456789012" */
	char cluster[256];
};

static int say(const struct telling *telling, const char *id, const char *const *actions,
               const char *const *resources)
{
	const struct aws_statement statement = {.id = id,
	                                        .actions = actions,
	                                        .resources = resources,
	                                        .condition = "ArnEquals",
	                                        .key = "ecs:cluster",
	                                        .value = telling->cluster};

	return aws_statement_say(&statement, telling->say, telling->ctx, telling->err);
}

static int say_plain(const struct telling *telling, const char *id, const char *const *actions,
                     const char *const *resources)
{
	const struct aws_statement statement = {.id = id, .actions = actions, .resources = resources};

	return aws_statement_say(&statement, telling->say, telling->ctx, telling->err);
}

static int say_server(const struct telling *telling)
{
	static const char *const run[] = {"ecs:RunTask", NULL};
	static const char *const look[] = {"ecs:ListTasks", "ecs:DescribeTasks", "ecs:StopTask", NULL};
	static const char *const pass[] = {"iam:PassRole", NULL};
	const struct ecs_config *config = telling->ecs->config;
	const char *slash = strrchr(config->task_definition, '/');
	const char *name = slash != NULL ? slash + 1 : config->task_definition;
	char definition[512];
	const char *const definitions[] = {definition, NULL};
	/* Tasks and the instances that they may run on have no names beforehand. */
	static const char *const any[] = {"*", NULL};
	const char *const roles[] = {config->task_role != NULL ? config->task_role
	                                                       : config->execution_role,
	                             config->task_role != NULL ? config->execution_role : NULL, NULL};
	int status;

	snprintf(definition, sizeof definition, "%s:task-definition/%.*s:*", telling->arn,
	         (int)strcspn(name, ":"), name);
	status = say(telling, "StartTasks", run, definitions);
	if (status == VM_OK)
		status = say(telling, "WatchTasks", look, any);
	if (status == VM_OK && roles[0] != NULL)
		status = say_plain(telling, "PassRoles", pass, roles);
	return status;
}

/* What the service does in the name of the task's execution role. */
static int say_starter(const struct telling *telling, const char *region, const char *account)
{
	static const char *const token[] = {"ecr:GetAuthorizationToken", NULL};
	static const char *const pull[] = {"ecr:BatchCheckLayerAvailability",
	                                   "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", NULL};
	static const char *const log[] = {"logs:CreateLogStream", "logs:PutLogEvents", NULL};
	static const char *const any[] = {"*", NULL};
	const struct ecs_config *config = telling->ecs->config;
	char place[512];
	const char *const places[] = {place, NULL};
	int status = say_plain(telling, "RegistryToken", token, any);

	snprintf(place, sizeof place, "arn:%s:ecr:%s:%s:repository/*", aws_partition(region), region,
	         account);
	if (status == VM_OK)
		status = say_plain(telling, "PullImage", pull, places);
	snprintf(place, sizeof place, "arn:%s:logs:%s:%s:log-group:%s:*", aws_partition(region), region,
	         account, config->log_group);
	return status == VM_OK ? say_plain(telling, "WriteLog", log, places) : status;
}

int ecs_permissions(void *self, enum vm_party party, vm_say_fn *say_line, void *ctx,
                    const struct vm_call *call, struct vm_error *err)
{
	struct ecs *ecs = self;
	struct telling telling = {.ecs = ecs, .say = say_line, .ctx = ctx, .err = err};
	char account[AWS_ACCOUNT_MAX], region[AWS_REGION_MAX];
	int status;

	/* A worker asks its own service for nothing. */
	if (party == VM_PARTY_WORKER)
		return VM_OK;
	aws_client_region(ecs->client, region);
	status = aws_account(&ecs->config->aws, ecs->host, account, call, err);
	if (status != VM_OK)
		return status;
	snprintf(telling.arn, sizeof telling.arn, "arn:%s:ecs:%s:%s", aws_partition(region), region,
	         account);
	if (strncmp(ecs->config->cluster, "arn:", 4) == 0)
		snprintf(telling.cluster, sizeof telling.cluster, "%s", ecs->config->cluster);
	else
		snprintf(telling.cluster, sizeof telling.cluster, "%s:cluster/%.80s", telling.arn,
		         ecs->config->cluster);
	return party == VM_PARTY_SERVER ? say_server(&telling) : say_starter(&telling, region, account);
}
