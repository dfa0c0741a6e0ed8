/* presign_finish.c - an object is made of the parts that a client has sent. */
#include <stdlib.h>
#include <string.h>

#include "s3.h"

/* The uploads of one key: a client may have asked for several offers. */
struct search {
	const char *key;
	char (*uploads)[VM_UPLOAD_ID_MAX];
	size_t count;
	bool no_memory;
};

static enum vm_more take_upload(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	struct search *search = ctx;
	char(*uploads)[VM_UPLOAD_ID_MAX];

	(void)begun_ms;
	if (strcmp(key, search->key) != 0)
		return VM_MORE;
	uploads = realloc(search->uploads, (search->count + 1) * sizeof *uploads);
	if (uploads == NULL) {
		search->no_memory = true;
		return VM_STOP;
	}
	search->uploads = uploads;
	snprintf(uploads[search->count++], sizeof *uploads, "%s", upload);
	return VM_MORE;
}

/* The parts of one upload, in order of number. */
struct parts {
	struct vm_part *items;
	size_t count;
	uint64_t bytes;
};

static int take_part(struct parts *parts, const xmlNode *node, const struct s3_request *request)
{
	char etag[VM_ETAG_MAX + 2];
	struct vm_part part = {0};
	struct vm_part *items;
	uint64_t number;

	if (!s3_read_count(node, "PartNumber", &number) || number > S3_PARTS_MOST ||
	    !s3_read_count(node, "Size", &part.bytes) ||
	    !aws_xml_text(node, "ETag", etag, sizeof etag) || s3_unquote(etag, part.etag) != VM_OK)
		return vm_fail(request->err, VM_ERR_UNAVAILABLE, "%s: a part without number, size or etag",
		               request->what);
	items = realloc(parts->items, (parts->count + 1) * sizeof *items);
	if (items == NULL)
		return vm_fail_memory(request->err);
	part.number = (uint32_t)number;
	parts->items = items;
	items[parts->count++] = part;
	parts->bytes += part.bytes;
	return VM_OK;
}

static int list_page(const struct s3 *s3, const struct vm_presign *presign, const char *upload,
                     struct parts *parts, bool *more, const struct vm_call *call,
                     struct vm_error *err)
{
	struct s3_request request = {0};
	xmlDoc *document = NULL;
	char marker[12], truncated[8];
	const xmlNode *root;
	int status;

	snprintf(marker, sizeof marker, "%u",
	         parts->count > 0 ? parts->items[parts->count - 1].number : 0);
	if ((status = s3_begin(s3, &request, "list parts of", "GET", presign->put.key, err)) != VM_OK ||
	    (status = aws_query_add(&request.query, "uploadId", upload, err)) != VM_OK ||
	    (status = aws_query_add(&request.query, "part-number-marker", marker, err)) != VM_OK ||
	    (status = s3_send(s3, &request, call)) != VM_OK ||
	    (status = s3_read_xml(&request, "ListPartsResult", &document)) != VM_OK)
		goto fail;
	root = xmlDocGetRootElement(document);
	for (const xmlNode *node = aws_xml_child(root, "Part"); node != NULL && status == VM_OK;
	     node = aws_xml_next(node, "Part"))
		status = take_part(parts, node, &request);
	aws_xml_text(root, "IsTruncated", truncated, sizeof truncated);
	*more = strcmp(truncated, "true") == 0 && parts->count > 0;

fail:
	xmlFreeDoc(document);
	s3_finish(&request);
	return status;
}

/* VM_ERR_NOT_FOUND while bytes are missing. */
static int commit_if_whole(struct s3 *s3, const struct vm_presign *presign, const char *upload,
                           struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct parts parts = {0};
	bool more = true;
	int status = VM_OK;

	while (status == VM_OK && more && parts.count < S3_PARTS_MOST)
		status = list_page(s3, presign, upload, &parts, &more, call, err);
	if (status == VM_OK && parts.bytes != presign->bytes)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "finish %s: %llu bytes of %llu have arrived",
		                 presign->put.key, (unsigned long long)parts.bytes,
		                 (unsigned long long)presign->bytes);
	if (status == VM_OK)
		status = s3_upload_commit(s3, &presign->put, upload, parts.items, parts.count, out, call,
		                          err);
	free(parts.items);
	return status;
}

int s3_presign_finish(void *self, const struct vm_presign *presign, struct vm_object *out,
                      const struct vm_call *call, struct vm_error *err)
{
	struct search search = {.key = presign->put.key};
	struct vm_error why;
	int status = s3_list_uploads(self, presign->put.key, take_upload, &search, call, &why);

	if (status == VM_OK && search.no_memory)
		status = vm_fail_memory(&why);
	if (status == VM_OK)
		status = vm_fail(&why, VM_ERR_NOT_FOUND, "finish %s: no upload in parts", presign->put.key);
	for (size_t i = 0; i < search.count && status == VM_ERR_NOT_FOUND; i++)
		status = commit_if_whole(self, presign, search.uploads[i], out, call, &why);
	free(search.uploads);
	if (status != VM_OK && err != NULL)
		*err = why;
	return status;
}
