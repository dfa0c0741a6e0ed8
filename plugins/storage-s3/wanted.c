/* wanted.c - the bucket's settings as vidmill wants them, in the words of the S3 API. */
#include "wanted.h"

#include <string.h>

#include "aws/endpoint.h"
#include "aws/form.h"

static int write_text(struct s3_wanted *wanted, struct vm_error *err, const char *format, ...)
    VM_PRINTF(3, 4);

static int write_text(struct s3_wanted *wanted, struct vm_error *err, const char *format, ...)
{
	char text[2048];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof text)
		return vm_fail(err, VM_ERR_LIMIT, "%s: too long", wanted->what);
	return kit_buffer_append(&wanted->text, text, (size_t)length, err);
}

int s3_want_private(struct s3_wanted *wanted, struct vm_error *err)
{
	return write_text(wanted, err,
	                  "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
	                  "<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true"
	                  "</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>"
	                  "</PublicAccessBlockConfiguration>");
}

int s3_want_encryption(const struct s3_config *config, struct s3_wanted *wanted,
                       struct vm_error *err)
{
	bool kms = config->encryption == S3_ENCRYPTION_KMS;

	return write_text(
	    wanted, err,
	    "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
	    "<SSEAlgorithm>%s</SSEAlgorithm>%s%s%s</ApplyServerSideEncryptionByDefault>"
	    "<BucketKeyEnabled>%s</BucketKeyEnabled></Rule>"
	    "</ServerSideEncryptionConfiguration>",
	    kms ? "aws:kms" : "AES256", config->kms_key != NULL ? "<KMSMasterKeyID>" : "",
	    config->kms_key != NULL ? config->kms_key : "",
	    config->kms_key != NULL ? "</KMSMasterKeyID>" : "", kms ? "true" : "false");
}

/* Uploads that nobody finishes cost as much as objects, and no list shows them. */
int s3_want_lifecycle(const struct s3_config *config, struct s3_wanted *wanted, bool sources,
                      struct vm_error *err)
{
	uint64_t days = config->source_days / 86400000;
	bool all = config->prefix[0] == '\0';
	int status = write_text(
	    wanted, err,
	    "<LifecycleConfiguration><Rule><ID>vidmill-uploads</ID><Filter>%s%s%s</Filter>"
	    "<Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7"
	    "</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>",
	    all ? "" : "<Prefix>", config->prefix, all ? "" : "</Prefix>");

	if (status == VM_OK && sources && days > 0)
		status = write_text(wanted, err,
		                    "<Rule><ID>vidmill-sources</ID><Filter><Prefix>%sunprocessed/</Prefix>"
		                    "</Filter><Status>Enabled</Status><Expiration><Days>%llu</Days>"
		                    "</Expiration></Rule>",
		                    config->prefix, (unsigned long long)days);
	return status == VM_OK ? write_text(wanted, err, "</LifecycleConfiguration>") : status;
}

int s3_want_cors(const struct s3_config *config, struct s3_wanted *wanted, struct vm_error *err)
{
	int status = write_text(wanted, err, "<CORSConfiguration><CORSRule><ID>vidmill</ID>");

	for (size_t i = 0; i < config->cors.count && status == VM_OK; i++)
		status = write_text(wanted, err, "<AllowedOrigin>%s</AllowedOrigin>",
		                    config->cors.items[i]);
	/* A browser reads the etag of each part that it has sent. */
	return status == VM_OK
	           ? write_text(wanted, err,
	                        "<AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>"
	                        "<AllowedMethod>HEAD</AllowedMethod><AllowedHeader>*</AllowedHeader>"
	                        "<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3600</MaxAgeSeconds>"
	                        "</CORSRule></CORSConfiguration>")
	           : status;
}

int s3_want_notification(struct s3 *s3, struct s3_wanted *wanted, const struct vm_call *call,
                         struct vm_error *err)
{
	const struct s3_config *config = s3->config;
	char arn[256], account[AWS_ACCOUNT_MAX], region[AWS_REGION_MAX];
	int status;

	aws_client_region(s3->client, region);
	if (strncmp(config->notify, "arn:", 4) == 0) {
		snprintf(arn, sizeof arn, "%s", config->notify);
	} else {
		status = aws_account(&config->aws, s3->host, account, call, err);
		if (status != VM_OK)
			return status;
		snprintf(arn, sizeof arn, "arn:%s:sqs:%s:%s:%s", aws_partition(region), region, account,
		         config->notify);
	}
	/* In the order in which the service gives it back. */
	return write_text(
	    wanted, err,
	    "<NotificationConfiguration><QueueConfiguration><Id>vidmill</Id>"
	    "<Queue>%s</Queue><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule>"
	    "<Name>prefix</Name><Value>%sunprocessed/</Value></FilterRule></S3Key></Filter>"
	    "</QueueConfiguration></NotificationConfiguration>",
	    arn, config->prefix);
}
