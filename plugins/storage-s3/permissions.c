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
/* The parts of an upload are decrypted when they are put together. */
static const char *const key_write[] = {"kms:GenerateDataKey", "kms:Decrypt", NULL};
static const char *const key_read[] = {"kms:Decrypt", NULL};

#define KEY_ARN_MAX 512

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

/* "arn:aws:kms:eu-west-1:123456789012:key/ID"; for an alias, which is no resource, any key. */
static int write_key(const struct s3 *s3, const char *region, char key[KEY_ARN_MAX],
                     const struct vm_call *call, struct vm_error *err)
{
	const char *name = s3->config->kms_key;
	bool by_alias = strstr(name, "alias/") != NULL;
	char account[AWS_ACCOUNT_MAX];
	int status;

	if (!by_alias && strncmp(name, "arn:", 4) == 0) {
		snprintf(key, KEY_ARN_MAX, "%s", name);
		return VM_OK;
	}
	status = aws_account(&s3->config->aws, s3->host, account, call, err);
	if (status == VM_OK)
		snprintf(key, KEY_ARN_MAX, "arn:%s:kms:%s:%s:key/%s", aws_partition(region), region,
		         account, by_alias ? "*" : name);
	return status;
}

/* The key of SSE-KMS; the account's own, which is there where none is named, asks for no right. */
static int say_key(const struct s3 *s3, const char *id, const char *const *actions, vm_say_fn *say,
                   void *ctx, const struct vm_call *call, struct vm_error *err)
{
	char key[KEY_ARN_MAX], region[AWS_REGION_MAX], service[AWS_REGION_MAX + 32];
	const char *const resources[] = {key, NULL};
	const char *alias = strstr(s3->config->kms_key, "alias/");
	struct aws_statement statement = {.id = id, .actions = actions, .resources = resources};
	int status;

	aws_client_region(s3->client, region);
	status = write_key(s3, region, key, call, err);
	if (status != VM_OK)
		return status;
	snprintf(service, sizeof service, "s3.%s.amazonaws.com%s", region,
	         strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
	statement.condition = alias != NULL ? "ForAnyValue:StringEquals" : "StringEquals";
	statement.key = alias != NULL ? "kms:ResourceAliases" : "kms:ViaService";
	statement.value = alias != NULL ? alias : service;
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
	/* Who presigns has the rights of whoever uploads; a server reads results, and writes none. */
	bool writes = party == VM_PARTY_SERVER ? sources : results;
	int status = VM_OK;

	for (size_t i = 0; rights != NULL && i < 3 && status == VM_OK; i++)
		if (rights[i].actions != NULL)
			status = say_rights(s3, &rights[i], say, ctx, err);
	if (rights != NULL && status == VM_OK && s3->config->kms_key != NULL)
		status = say_key(s3, sources ? "SourceKey" : "ResultKey", writes ? key_write : key_read,
		                 say, ctx, call, err);
	return status;
}
