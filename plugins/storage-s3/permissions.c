/* permissions.c - the least that server and worker must be allowed in the bucket. */
#include <string.h>

#include "aws/endpoint.h"
#include "aws/form.h"
#include "aws/statement.h"
#include "s3.h"

/* A bucket whose list is denied answers 403 instead of 404 for what is not there. */
static const char *const server_source_bucket[] = {"s3:ListBucket", "s3:ListBucketMultipartUploads",
                                                   NULL};
/* What is presigned is done in the server's name. */
static const char *const server_source[] = {"s3:GetObject",
                                            "s3:PutObject",
                                            "s3:DeleteObject",
                                            "s3:AbortMultipartUpload",
                                            "s3:ListMultipartUploadParts",
                                            NULL};
static const char *const server_result[] = {"s3:GetObject", "s3:DeleteObject",
                                            "s3:AbortMultipartUpload", NULL};
static const char *const worker_bucket[] = {"s3:ListBucket", NULL};
static const char *const worker_source[] = {"s3:GetObject", NULL};
static const char *const worker_result[] = {"s3:GetObject", "s3:PutObject",
                                            "s3:AbortMultipartUpload", NULL};

struct rights {
	const char *id;
	const char *const *actions;
	const char *keys; /* NULL: the bucket itself */
};

static int say_rights(const struct s3 *s3, const struct rights *rights, vm_say_fn *say, void *ctx,
                      struct vm_error *err)
{
	char resource[1024], region[AWS_REGION_MAX];
	const char *const resources[] = {resource, NULL};
	struct aws_statement statement = {
	    .id = rights->id, .actions = rights->actions, .resources = resources};

	aws_client_region(s3->client, region);
	if (rights->keys == NULL)
		snprintf(resource, sizeof resource, "arn:%s:s3:::%s", aws_partition(region),
		         s3->config->bucket);
	else
		snprintf(resource, sizeof resource, "arn:%s:s3:::%s/%s%s", aws_partition(region),
		         s3->config->bucket, s3->config->prefix, rights->keys);
	return aws_statement_say(&statement, say, ctx, err);
}

int s3_permissions(void *self, enum vm_party party, vm_say_fn *say, void *ctx,
                   const struct vm_call *call, struct vm_error *err)
{
	const struct s3 *s3 = self;
	bool sources = strcmp(s3->host->role, "storage.processed") != 0;
	bool results = strcmp(s3->host->role, "storage.unprocessed") != 0;
	const struct rights server[] = {
	    {sources ? "SourceBucket" : "ResultBucket", server_source_bucket, NULL},
	    {"Sources", sources ? server_source : NULL, "unprocessed/*"},
	    {"Results", results ? server_result : NULL, "processed/*"},
	};
	const struct rights worker[] = {
	    {sources ? "SourceBucket" : "ResultBucket", worker_bucket, NULL},
	    {"Sources", sources ? worker_source : NULL, "unprocessed/*"},
	    {"Results", results ? worker_result : NULL, "processed/*"},
	};
	const struct rights *rights = party == VM_PARTY_SERVER   ? server
	                              : party == VM_PARTY_WORKER ? worker
	                                                         : NULL;
	int status = VM_OK;

	(void)call;
	for (size_t i = 0; rights != NULL && i < 3 && status == VM_OK; i++)
		if (rights[i].actions != NULL)
			status = say_rights(s3, &rights[i], say, ctx, err);
	return status;
}
