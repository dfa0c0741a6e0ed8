/* wrong.c - a storage plugin that is right but for what its build line defines otherwise. */
#include <vidmill/plugin.h>

#ifndef MAGIC
#define MAGIC VM_PLUGIN_MAGIC
#endif
#ifndef MAJOR
#define MAJOR VM_ABI_MAJOR
#endif
#ifndef MINOR
#define MINOR VM_ABI_MINOR
#endif
#ifndef SIZE
#define SIZE sizeof(struct vm_plugin)
#endif
#ifndef KIND
#define KIND VM_KIND_STORAGE
#endif
#ifndef NAME
#define NAME FILE_NAME
#endif
#ifndef VERSION
#define VERSION "1.2.3"
#endif
#ifndef SUMMARY
#define SUMMARY "Keeps nothing."
#endif
#ifndef THREADS
#define THREADS VM_THREADS_PARALLEL
#endif
#ifndef CREATE
#define CREATE create
#endif
#ifndef DESTROY
#define DESTROY destroy
#endif
#ifndef OPS
#define OPS &ops
#endif
#ifndef OPS_SIZE
#define OPS_SIZE sizeof ops
#endif
#ifndef READ_AT
#define READ_AT read_at
#endif
#ifndef DOC
#define DOC "A word."
#endif

struct config {
	const char *word;
};

static const struct vm_option options[] = {
    {.name = "word", VM_STRING(struct config, word), .doc = DOC},
    {0},
};

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	(void)host, (void)config, (void)err;
	*self = NULL;
	return VM_OK;
}

static void destroy(void *self)
{
	(void)self;
}

static void traits(void *self, struct vm_storage_traits *out)
{
	(void)self;
	out->parts_max = 1;
}

static int stat(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
                struct vm_error *err)
{
	(void)self, (void)out, (void)call;
	return vm_fail(err, VM_ERR_NOT_FOUND, "stat %s: nothing is kept", key);
}

static int read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
                   size_t length, size_t *got, const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)etag, (void)offset, (void)buffer, (void)length, (void)got, (void)call;
	return vm_fail(err, VM_ERR_NOT_FOUND, "read %s: nothing is kept", key);
}

static int put(void *self, const struct vm_put *put, const void *bytes, size_t length,
               struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)bytes, (void)length, (void)out, (void)call;
	return vm_fail(err, VM_ERR_UNSUPPORTED, "put %s: nothing is kept", put->key);
}

static int upload_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                        const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)upload, (void)call;
	return vm_fail(err, VM_ERR_UNSUPPORTED, "put %s: nothing is kept", put->key);
}

static int upload_part(void *self, const char *key, const char *upload, uint32_t number,
                       const void *bytes, size_t length, struct vm_part *out,
                       const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)upload, (void)number, (void)bytes, (void)length, (void)out, (void)call;
	return vm_fail(err, VM_ERR_NOT_FOUND, "put %s: nothing was begun", key);
}

static int upload_commit(void *self, const struct vm_put *put, const char *upload,
                         const struct vm_part *parts, size_t count, struct vm_object *out,
                         const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)upload, (void)parts, (void)count, (void)out, (void)call;
	return vm_fail(err, VM_ERR_NOT_FOUND, "put %s: nothing was begun", put->key);
}

static int upload_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                        struct vm_error *err)
{
	(void)self, (void)key, (void)upload, (void)call, (void)err;
	return VM_OK;
}

static int remove_object(void *self, const char *key, const struct vm_call *call,
                         struct vm_error *err)
{
	(void)self, (void)key, (void)call, (void)err;
	return VM_OK;
}

static int list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)prefix, (void)emit, (void)ctx, (void)call, (void)err;
	return VM_OK;
}

static int list_uploads(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                        const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)prefix, (void)emit, (void)ctx, (void)call, (void)err;
	return VM_OK;
}

/* There to be cut off by a smaller OPS_SIZE: a host that calls it reads beyond the table. */
static int presign(void *self, const struct vm_presign *presign, vm_request_fn *emit, void *ctx,
                   const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)presign, (void)emit, (void)ctx, (void)call;
	return vm_fail(err, VM_ERR_BUG, "presign was called");
}

static const struct vm_storage_ops ops = {
    .size = OPS_SIZE,
    .traits = traits,
    .stat = stat,
    .read_at = READ_AT,
    .put = put,
    .upload_begin = upload_begin,
    .upload_part = upload_part,
    .upload_commit = upload_commit,
    .upload_abort = upload_abort,
    .remove = remove_object,
    .list = list,
    .list_uploads = list_uploads,
    .presign = presign,
};

/* As `presign`, for a smaller SIZE. */
static int connect(void *self, const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)call;
	return vm_fail(err, VM_ERR_BUG, "connect was called");
}

const struct vm_plugin vm_plugin_entry = {
    .magic = MAGIC,
    .abi_major = MAJOR,
    .abi_minor = MINOR,
    .size = SIZE,
    .kind = KIND,
    .name = NAME,
    .version = VERSION,
    .summary = SUMMARY,
    .threads = THREADS,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.storage = OPS,
    .create = CREATE,
    .destroy = DESTROY,
    .connect = connect,
};
