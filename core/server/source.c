/* source.c - the source of a video, asked for at the storage. */
#include "server/source.h"

#include "pipeline/pipeline.h"
#include "plugin/storage.h"
#include "server/places.h"
#include "video/keys.h"

void source_presign(const struct server *server, const struct video *video, char key[VM_KEY_MAX],
                    struct vm_presign *out)
{
	const char *type = video->upload.content_type;

	*out = (struct vm_presign){
	    .put = {.key = key_of_source(video, key),
	            .content_type = type[0] != '\0' ? type : NULL,
	            .if_absent = true},
	    .bytes = video->upload.bytes,
	    .expires_ms = server->pipeline->server.upload_expires_ms,
	};
}

/* VM_ERR_NOT_FOUND also where there are no parts. */
static int finish_parts(struct server *server, const struct vm_presign *presign,
                        struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	int status = storage_presign_finish(server->places.storage_unprocessed, presign, out, call,
	                                    err);

	return status == VM_ERR_UNSUPPORTED ? VM_ERR_NOT_FOUND : status;
}

int source_find(struct server *server, const struct video *video, struct vm_object *out,
                const struct vm_call *call, struct vm_error *err)
{
	struct instance *storage = server->places.storage_unprocessed;
	struct vm_presign presign;
	char key[VM_KEY_MAX];
	int status;

	source_presign(server, video, key, &presign);
	status = storage_stat(storage, key, out, call, err);
	if (status != VM_ERR_NOT_FOUND || presign.bytes == 0)
		return status;
	return finish_parts(server, &presign, out, call, err);
}
