/* storage_s3.c - the plugin storage-s3: objects in a bucket of S3, or of what speaks like it. */
#include <stdlib.h>
#include <string.h>

#include "s3.h"

static const char *const encryptions[] = {"bucket", "AES256", "aws:kms", NULL};

static const struct vm_option options[] = {
    {.name = "bucket",
     VM_STRING(struct s3_config, bucket),
     .flags = VM_REQUIRED,
     .doc = "Name of the bucket."},
    {.name = "prefix",
     VM_STRING(struct s3_config, prefix),
     .fallback = "",
     .doc = "Put in front of every key, as in \"vidmill/\", for a bucket that is shared."},
    AWS_OPTIONS(struct s3_config, aws),
    {.name = "path_style",
     VM_BOOL(struct s3_config, path_style),
     .fallback = "false",
     .doc = "Addresses the bucket by path instead of by host name; so it always is with an "
            "endpoint, or a dot in the bucket's name."},
    {.name = "announces",
     VM_BOOL(struct s3_config, announces),
     .fallback = "true",
     .doc = "The bucket tells a queue of new objects, as `vidmill provision` sets it up; without "
            "that, a client's `complete` call does."},
    {.name = "encryption",
     VM_CHOICE(struct s3_config, encryption),
     .choices = encryptions,
     .fallback = "bucket",
     .doc = "How objects are encrypted at rest: as the bucket says, or as said here."},
    {.name = "kms_key",
     VM_STRING(struct s3_config, kms_key),
     .doc = "Id, alias or ARN of the KMS key, for encryption \"aws:kms\"; without it the account's "
            "own."},
    {.name = "storage_class",
     VM_STRING(struct s3_config, storage_class),
     .doc = "Storage class of what is written, as in \"INTELLIGENT_TIERING\"."},
    {.name = "presign_part",
     VM_SIZE(struct s3_config, presign_part),
     .fallback = "64MiB",
     .min = 5 << 20,
     .max = INT64_C(5) << 30,
     .doc = "A client's upload that is longer is signed in parts of at least this size."},
    {.name = "notify",
     VM_STRING(struct s3_config, notify),
     .doc = "For `vidmill provision`: name or ARN of the queue that is told of uploads."},
    {.name = "cors",
     VM_STRINGS(struct s3_config, cors),
     .doc =
         "For `vidmill provision`: origins whose pages may upload, as in [ \"https://a.com\" ]."},
    {.name = "source_days",
     VM_DURATION(struct s3_config, source_days),
     .fallback = "0s",
     .doc = "For `vidmill provision`: sources are removed by the bucket after so many whole days; "
            "0 keeps them."},
    {0},
};

/* General purpose bucket naming rules of the User Guide, as far as they keep an address whole. */
static bool is_bucket(const char *name)
{
	size_t length = strlen(name);

	return length >= 3 && length <= 63 && name[0] != '.' && name[0] != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == length;
}

static int check(const void *config, struct vm_error *err)
{
	const struct s3_config *s3 = config;

	if (!is_bucket(s3->bucket))
		return vm_fail(
		    err, VM_ERR_CONFIG,
		    "bucket \"%.100s\": 3 to 63 lower case letters, digits, '.' and '-', neither "
		    "of the two in front",
		    s3->bucket);
	if (s3->prefix[0] == '/' || strlen(s3->prefix) > 512)
		return vm_fail(err, VM_ERR_CONFIG,
		               "prefix: begins without '/' and has at most 512 characters");
	if (s3->kms_key != NULL && s3->encryption != S3_ENCRYPTION_KMS)
		return vm_fail(err, VM_ERR_CONFIG, "kms_key goes with encryption = \"aws:kms\"");
	return aws_config_check(&s3->aws, err);
}

static void destroy(void *self)
{
	struct s3 *s3 = self;

	if (s3 == NULL)
		return;
	aws_client_destroy(s3->client);
	free(s3);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	static const struct aws_service service = {.name = "s3", .path_as_is = true, .regional = true};
	struct s3 *s3 = calloc(1, sizeof *s3);
	int status;

	if (s3 == NULL)
		return vm_fail_memory(err);
	s3->config = config;
	s3->host = host;
	/* A certificate for *.s3.… covers no bucket with a dot in its name. */
	s3->path_style = s3->config->path_style || s3->config->aws.endpoint != NULL ||
	                 strchr(s3->config->bucket, '.') != NULL;
	status = aws_client_create(&service, &s3->config->aws, host, &s3->client, err);
	if (status != VM_OK)
		goto fail;
	*self = s3;
	return VM_OK;

fail:
	destroy(s3);
	return status;
}

/* The bucket is there and these keys may look into it. */
static int connect_s3(void *self, const struct vm_call *call, struct vm_error *err)
{
	struct s3_request request = {0};
	int status = s3_begin(self, &request, "bucket", "HEAD", NULL, err);

	if (status == VM_OK)
		status = s3_send(self, &request, call);
	if (status == VM_ERR_NOT_FOUND)
		status = vm_fail(err, VM_ERR_CONFIG, "bucket %s does not exist",
		                 ((struct s3 *)self)->config->bucket);
	s3_finish(&request);
	return status;
}

static void traits(void *self, struct vm_storage_traits *out)
{
	const struct s3 *s3 = self;

	out->parts_max = S3_PARTS_MOST;
	out->part_bytes_min = S3_PART_BYTES_LEAST;
	out->part_bytes_max = S3_PART_BYTES_MOST;
	out->object_bytes_max = S3_OBJECT_BYTES_MOST;
	out->announces = s3->config->announces;
	/* Each request is signed together with the hash of what it carries. */
	out->distant = true;
	out->streams = true;
}

static const struct vm_storage_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .stat = s3_stat,
    .read_at = s3_read_at,
    .put = s3_put,
    .upload_begin = s3_upload_begin,
    .upload_part = s3_upload_part,
    .upload_commit = s3_upload_commit,
    .upload_abort = s3_upload_abort,
    .remove = s3_remove,
    .list = s3_list,
    .list_uploads = s3_list_uploads,
    .presign = s3_presign,
    .decode_event = s3_decode_event,
    .presign_finish = s3_presign_finish,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_STORAGE),
    .name = "storage-s3",
    .version = "0.1.0",
    .summary = "Objects in a bucket of Amazon S3, or of a store that speaks like it.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct s3_config),
    .ops.storage = &ops,
    .check = check,
    .create = create,
    .destroy = destroy,
    .connect = connect_s3,
    .provision = s3_provision,
    .permissions = s3_permissions,
};
