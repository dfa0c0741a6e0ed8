/* s3.h - the store and what its files share. */
#ifndef STORAGE_S3_S3_H
#define STORAGE_S3_S3_H

#include <vidmill/plugin.h>

#include "aws/client.h"
#include "aws/xml.h"

struct s3_config {
	struct aws_config aws;
	const char *bucket;
	const char *prefix;
	bool path_style;
	bool announces;
	int encryption; /* enum s3_encryption */
	const char *kms_key;
	const char *storage_class;
	uint64_t presign_part;
	const char *notify;
	struct vm_strings cors;
	uint64_t source_days;
};

enum s3_encryption { S3_ENCRYPTION_BUCKET = 0, S3_ENCRYPTION_AES256 = 1, S3_ENCRYPTION_KMS = 2 };

/* [any thread] All of it is constant after create. */
struct s3 {
	const struct s3_config *config;
	const struct vm_host *host;
	struct aws_client *client;
	bool path_style;
};

/* User Guide, "Amazon S3 multipart upload limits". */
#define S3_PARTS_MOST 10000
#define S3_PART_BYTES_LEAST (UINT64_C(5) << 20)
#define S3_PART_BYTES_MOST (UINT64_C(5) << 30)
#define S3_OBJECT_BYTES_MOST (S3_PARTS_MOST * S3_PART_BYTES_MOST)

/*
 * One request on its way: zeroed, begun, filled, sent, finished whatever
 * happened.
 */
struct s3_request {
	struct aws_request request;
	struct aws_query query;
	struct http_headers headers;
	struct http_answer answer;
	struct aws_refusal refusal;
	struct kit_buffer path;
	char what[256];
	struct vm_error *err;
};

/* `verb` begins the sentence of an error; `key` NULL is the bucket itself. */
int s3_begin(const struct s3 *s3, struct s3_request *request, const char *verb, const char *method,
             const char *key, struct vm_error *err);
void s3_finish(struct s3_request *request);

/* How a new object is to be written: condition, type, encryption, class. */
int s3_add_put(const struct s3 *s3, struct s3_request *request, const struct vm_put *put,
               bool conditional);
int s3_send(const struct s3 *s3, struct s3_request *request, const struct vm_call *call);
int s3_send_bytes(const struct s3 *s3, struct s3_request *request, const void *bytes, size_t length,
                  const struct vm_call *call);

/*
 * "put a.mp4: an answer without an etag": a 2xx that no store has given. What was
 * to be read is VM_ERR_UNAVAILABLE; what was to be done may have been: VM_ERR_TIMEOUT.
 */
int s3_no_answer(const struct s3_request *request, const char *words);

/* For what need not be there any more: VM_ERR_NOT_FOUND is success. */
int s3_send_removal(const struct s3 *s3, struct s3_request *request, const struct vm_call *call);

/* The etag of an answer, without its quotes. */
int s3_take_etag(const struct s3_request *request, char etag[VM_ETAG_MAX]);
int s3_unquote(const char *text, char etag[VM_ETAG_MAX]);

/* The document in the answer, whose root must be `root`; to be freed by xmlFreeDoc(). */
int s3_read_xml(const struct s3_request *request, const char *root, xmlDoc **out);

/* When the store answered, by its own clock; 0 when it does not say. */
int64_t s3_answered_ms(const struct s3_request *request);

/* A count in the child `name`; false when it is none. */
bool s3_read_count(const xmlNode *node, const char *name, uint64_t *out);

int s3_stat(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
            struct vm_error *err);
int s3_read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
               size_t length, size_t *got, const struct vm_call *call, struct vm_error *err);
int s3_put(void *self, const struct vm_put *put, const void *bytes, size_t length,
           struct vm_object *out, const struct vm_call *call, struct vm_error *err);
int s3_remove(void *self, const char *key, const struct vm_call *call, struct vm_error *err);

/* In place; false when it is not form-encoded text. */
bool s3_decode(char *text);

int s3_upload_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                    const struct vm_call *call, struct vm_error *err);
int s3_upload_part(void *self, const char *key, const char *upload, uint32_t number,
                   const void *bytes, size_t length, struct vm_part *out,
                   const struct vm_call *call, struct vm_error *err);
int s3_upload_commit(void *self, const struct vm_put *put, const char *upload,
                     const struct vm_part *parts, size_t count, struct vm_object *out,
                     const struct vm_call *call, struct vm_error *err);
int s3_upload_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                    struct vm_error *err);

int s3_list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
            const struct vm_call *call, struct vm_error *err);
int s3_list_uploads(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err);

int s3_presign(void *self, const struct vm_presign *presign, vm_request_fn *emit, void *ctx,
               const struct vm_call *call, struct vm_error *err);
int s3_presign_finish(void *self, const struct vm_presign *presign, struct vm_object *out,
                      const struct vm_call *call, struct vm_error *err);
int s3_provision(void *self, bool dry_run, vm_say_fn *say, void *ctx, const struct vm_call *call,
                 struct vm_error *err);
int s3_permissions(void *self, enum vm_party party, vm_say_fn *say, void *ctx,
                   const struct vm_call *call, struct vm_error *err);
int s3_decode_event(void *self, const void *message, size_t length, vm_event_fn *emit, void *ctx,
                    struct vm_error *err);

#endif
