/* drive_storage.c - the operations of storage plugins. */
#include <stdlib.h>
#include <string.h>

#include "drive.h"

#define READ_MOST (64 << 10)

static const struct vm_storage_ops *ops(const struct drive *drive)
{
	return drive->plugin->ops.storage;
}

static struct vm_put put_of(const struct drive *drive)
{
	return (struct vm_put){.key = drive_text(drive, "key"),
	                       .if_absent = json_is_true(json_object_get(drive->in, "if_absent"))};
}

static void tell(struct drive *drive, int status, const struct vm_object *object)
{
	if (status != VM_OK)
		return;
	json_object_set_new(drive->out, "etag", json_string(object->etag));
	json_object_set_new(drive->out, "bytes", json_integer((json_int_t)object->bytes));
}

static int stat_object(struct drive *drive)
{
	struct vm_object object;
	int status = ops(drive)->stat(drive->self, drive_text(drive, "key"), &object, drive->call,
	                              drive->err);

	tell(drive, status, &object);
	return status;
}

static int read_at(struct drive *drive)
{
	const char *etag = drive_text(drive, "etag");
	char *bytes = malloc(READ_MOST);
	size_t got = 0;
	int status;

	if (bytes == NULL)
		return vm_fail_memory(drive->err);
	status = ops(drive)->read_at(drive->self, drive_text(drive, "key"),
	                             etag[0] != '\0' ? etag : NULL, drive_number(drive, "offset"),
	                             bytes, READ_MOST, &got, drive->call, drive->err);
	if (status == VM_OK)
		json_object_set_new(drive->out, "text", json_stringn_nocheck(bytes, got));
	free(bytes);
	return status;
}

static int put(struct drive *drive)
{
	const struct vm_put how = put_of(drive);
	const char *text = drive_text(drive, "text");
	struct vm_object object;
	int status = ops(drive)->put(drive->self, &how, text, strlen(text), &object, drive->call,
	                             drive->err);

	tell(drive, status, &object);
	return status;
}

static int upload_begin(struct drive *drive)
{
	const struct vm_put how = put_of(drive);
	char upload[VM_UPLOAD_ID_MAX];
	int status = ops(drive)->upload_begin(drive->self, &how, upload, drive->call, drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "upload", json_string(upload));
	return status;
}

static int upload_part(struct drive *drive)
{
	const char *text = drive_text(drive, "text");
	struct vm_part part;
	int status = ops(drive)->upload_part(drive->self, drive_text(drive, "key"),
	                                     drive_text(drive, "upload"), 1, text, strlen(text), &part,
	                                     drive->call, drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "etag", json_string(part.etag));
	return status;
}

/* Of one part. */
static int upload_commit(struct drive *drive)
{
	const struct vm_put how = put_of(drive);
	struct vm_part part = {.number = 1, .bytes = drive_number(drive, "bytes")};
	struct vm_object object;
	int status;

	snprintf(part.etag, sizeof part.etag, "%s", drive_text(drive, "etag"));
	status = ops(drive)->upload_commit(drive->self, &how, drive_text(drive, "upload"), &part, 1,
	                                   &object, drive->call, drive->err);
	tell(drive, status, &object);
	return status;
}

static int upload_abort(struct drive *drive)
{
	return ops(drive)->upload_abort(drive->self, drive_text(drive, "key"),
	                                drive_text(drive, "upload"), drive->call, drive->err);
}

static int presign_finish(struct drive *drive)
{
	const struct vm_presign offer = {.put = put_of(drive), .bytes = drive_number(drive, "bytes")};
	struct vm_object object;
	int status = ops(drive)->presign_finish(drive->self, &offer, &object, drive->call, drive->err);

	tell(drive, status, &object);
	return status;
}

static int remove_object(struct drive *drive)
{
	return ops(drive)->remove(drive->self, drive_text(drive, "key"), drive->call, drive->err);
}

static enum vm_more take_object(void *ctx, const char *key, const struct vm_object *object)
{
	(void)object;
	drive_list(ctx, json_string(key));
	return VM_MORE;
}

static int list(struct drive *drive)
{
	return ops(drive)->list(drive->self, drive_text(drive, "key"), take_object, drive, drive->call,
	                        drive->err);
}

static enum vm_more take_upload(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	(void)upload;
	(void)begun_ms;
	drive_list(ctx, json_string(key));
	return VM_MORE;
}

static int list_uploads(struct drive *drive)
{
	return ops(drive)->list_uploads(drive->self, drive_text(drive, "key"), take_upload, drive,
	                                drive->call, drive->err);
}

const struct drive_operation storage_operations[] = {
    {"stat", stat_object},
    {"read_at", read_at},
    {"put", put},
    {"upload_begin", upload_begin},
    {"upload_part", upload_part},
    {"upload_commit", upload_commit},
    {"upload_abort", upload_abort},
    {"presign_finish", presign_finish},
    {"remove", remove_object},
    {"list", list},
    {"list_uploads", list_uploads},
    {0},
};
