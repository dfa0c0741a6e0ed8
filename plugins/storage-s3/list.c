/* list.c - objects and unfinished uploads, a page at a time. */
#include <stdlib.h>
#include <string.h>

#include "aws/provider.h"
#include "s3.h"

/* What is emitted for each entry of a page, and where the next page begins. */
struct listing {
	const struct s3 *s3;
	const char *prefix;
	vm_object_fn *object;
	vm_upload_fn *upload;
	void *ctx;
	char next[3 * VM_KEY_MAX];
	char next_upload[VM_UPLOAD_ID_MAX];
	bool encoded; /* the keys of this page are: not every store does as it is asked */
	bool more, stopped;
};

static int hex(char digit)
{
	return digit >= '0' && digit <= '9'   ? digit - '0'
	       : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
	       : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
	                                      : -1;
}

/* A key may hold what XML may not: it comes form-encoded. False when it is none. */
bool s3_decode(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++, to++) {
		*to = *text == '+' ? ' ' : *text;
		if (*text != '%')
			continue;
		if (hex(text[1]) < 0 || hex(text[2]) < 0)
			return false;
		*to = (char)(hex(text[1]) * 16 + hex(text[2]));
		if (*to == '\0')
			return false;
		text += 2;
	}
	*to = '\0';
	return true;
}

/* The key as the host knows it: without the prefix of the bucket's share. */
static bool read_key(const struct listing *listing, const xmlNode *node, char key[3 * VM_KEY_MAX])
{
	const char *prefix = listing->s3->config->prefix;
	size_t length = strlen(prefix);

	if (!aws_xml_text(node, "Key", key, 3 * VM_KEY_MAX) || (listing->encoded && !s3_decode(key)) ||
	    strncmp(key, prefix, length) != 0)
		return false;
	memmove(key, key + length, strlen(key) - length + 1);
	return key[0] != '\0';
}

static void emit_object(struct listing *listing, const xmlNode *node)
{
	struct vm_object object = {0};
	char key[3 * VM_KEY_MAX], etag[VM_ETAG_MAX + 2], modified[64];

	/* What has no such name cannot be the host's. */
	if (!read_key(listing, node, key) || !s3_read_count(node, "Size", &object.bytes) ||
	    !aws_xml_text(node, "ETag", etag, sizeof etag) || s3_unquote(etag, object.etag) != VM_OK)
		return;
	aws_xml_text(node, "LastModified", modified, sizeof modified);
	object.modified_ms = aws_time_read(modified);
	listing->stopped = listing->object(listing->ctx, key, &object) == VM_STOP;
}

static void emit_upload(struct listing *listing, const xmlNode *node)
{
	char key[3 * VM_KEY_MAX], upload[VM_UPLOAD_ID_MAX], begun[64];

	if (!read_key(listing, node, key) || !aws_xml_text(node, "UploadId", upload, sizeof upload))
		return;
	aws_xml_text(node, "Initiated", begun, sizeof begun);
	listing->stopped = listing->upload(listing->ctx, key, upload, aws_time_read(begun)) == VM_STOP;
}

static int add_page(struct listing *listing, struct s3_request *request)
{
	struct kit_buffer prefix;
	int status;

	kit_buffer_init(&prefix, SIZE_MAX / 2);
	if ((status = kit_buffer_print(&prefix, request->err, "%s%s", listing->s3->config->prefix,
	                               listing->prefix)) == VM_OK &&
	    (status = aws_query_add(&request->query, "prefix", prefix.bytes, request->err)) == VM_OK)
		status = aws_query_add(&request->query, "encoding-type", "url", request->err);
	kit_buffer_finish(&prefix);
	if (status == VM_OK)
		status = listing->object != NULL
		             ? aws_query_add(&request->query, "list-type", "2", request->err)
		             : aws_query_add(&request->query, "uploads", "", request->err);
	if (status != VM_OK || listing->next[0] == '\0')
		return status;
	if (listing->object != NULL)
		return aws_query_add(&request->query, "continuation-token", listing->next, request->err);
	status = aws_query_add(&request->query, "key-marker", listing->next, request->err);
	return status == VM_OK ? aws_query_add(&request->query, "upload-id-marker",
	                                       listing->next_upload, request->err)
	                       : status;
}

/* Where the next page begins; a store that says "more" must say where. */
static int read_next(struct listing *listing, const struct s3_request *request, const xmlNode *root)
{
	char truncated[8];
	bool known;

	aws_xml_text(root, "IsTruncated", truncated, sizeof truncated);
	listing->more = strcmp(truncated, "true") == 0;
	if (!listing->more)
		return VM_OK;
	if (listing->object != NULL)
		known = aws_xml_text(root, "NextContinuationToken", listing->next, sizeof listing->next);
	else
		known = aws_xml_text(root, "NextKeyMarker", listing->next, sizeof listing->next) &&
		        (!listing->encoded || s3_decode(listing->next)) &&
		        aws_xml_text(root, "NextUploadIdMarker", listing->next_upload,
		                     sizeof listing->next_upload);
	if (!known || listing->next[0] == '\0')
		return vm_fail(request->err, VM_ERR_UNAVAILABLE, "%s: no way to the next page",
		               request->what);
	return VM_OK;
}

static int read_page(struct listing *listing, struct s3_request *request,
                     const struct vm_call *call)
{
	const char *root_name = listing->object != NULL ? "ListBucketResult"
	                                                : "ListMultipartUploadsResult";
	const char *entry = listing->object != NULL ? "Contents" : "Upload";
	xmlDoc *document = NULL;
	const xmlNode *root;
	char encoding[8];
	int status;

	if ((status = add_page(listing, request)) != VM_OK ||
	    (status = s3_send(listing->s3, request, call)) != VM_OK ||
	    (status = s3_read_xml(request, root_name, &document)) != VM_OK)
		return status;
	root = xmlDocGetRootElement(document);
	aws_xml_text(root, "EncodingType", encoding, sizeof encoding);
	listing->encoded = strcmp(encoding, "url") == 0;
	for (const xmlNode *node = aws_xml_child(root, entry); node != NULL && !listing->stopped;
	     node = aws_xml_next(node, entry))
		listing->object != NULL ? emit_object(listing, node) : emit_upload(listing, node);
	status = read_next(listing, request, root);
	xmlFreeDoc(document);
	return status;
}

static int run(struct listing *listing, const char *verb, const struct vm_call *call,
               struct vm_error *err)
{
	int status = VM_OK;

	listing->more = true;
	while (status == VM_OK && listing->more && !listing->stopped) {
		struct s3_request request = {0};

		status = s3_begin(listing->s3, &request, verb, "GET", NULL, err);
		if (status == VM_OK)
			status = read_page(listing, &request, call);
		s3_finish(&request);
	}
	return status;
}

int s3_list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
            const struct vm_call *call, struct vm_error *err)
{
	struct listing listing = {.s3 = self, .prefix = prefix, .object = emit, .ctx = ctx};

	return run(&listing, "list", call, err);
}

int s3_list_uploads(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err)
{
	struct listing listing = {.s3 = self, .prefix = prefix, .upload = emit, .ctx = ctx};

	return run(&listing, "list uploads of", call, err);
}
