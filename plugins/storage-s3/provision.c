/* provision.c - the bucket as vidmill needs it: private, encrypted, swept, telling a queue. */
#include <stdlib.h>
#include <string.h>

#include "aws/endpoint.h"
#include "wanted.h"

struct provisioning {
	struct s3 *s3;
	bool dry_run;
	vm_say_fn *say;
	void *ctx;
	const struct vm_call *call;
	struct vm_error *err;
};

static void say(const struct provisioning *provisioning, const char *format, ...) VM_PRINTF(2, 3);

static void say(const struct provisioning *provisioning, const char *format, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	provisioning->say(provisioning->ctx, line);
}

static int make_bucket(const struct provisioning *provisioning)
{
	struct s3 *s3 = provisioning->s3;
	struct s3_request request = {0};
	struct kit_buffer body;
	char region[AWS_REGION_MAX];
	int status;

	aws_client_region(s3->client, region);
	kit_buffer_init(&body, SIZE_MAX / 2);
	status = s3_begin(s3, &request, "create bucket", "PUT", NULL, provisioning->err);
	/* The oldest region is the one that has no name here. */
	if (status == VM_OK && strcmp(region, "us-east-1") != 0)
		status = kit_buffer_print(&body, provisioning->err,
		                          "<CreateBucketConfiguration><LocationConstraint>%s"
		                          "</LocationConstraint></CreateBucketConfiguration>",
		                          region);
	if (status == VM_OK)
		status = s3_send_bytes(s3, &request, body.bytes, body.length, provisioning->call);
	if (status == VM_OK)
		say(provisioning, "bucket %s: created in %s", s3->config->bucket, region);
	kit_buffer_finish(&body);
	s3_finish(&request);
	return status;
}

/* *there is false when it is not, and then nothing else can be looked at. */
static int provide_bucket(const struct provisioning *provisioning, bool *there)
{
	struct s3 *s3 = provisioning->s3;
	struct s3_request request = {0};
	struct vm_error why;
	int status = s3_begin(s3, &request, "bucket", "HEAD", NULL, &why);

	if (status == VM_OK)
		status = s3_send(s3, &request, provisioning->call);
	s3_finish(&request);
	*there = status == VM_OK;
	if (status == VM_OK) {
		say(provisioning, "bucket %s: is there", s3->config->bucket);
		return VM_OK;
	}
	if (status != VM_ERR_NOT_FOUND) {
		*provisioning->err = why;
		return status;
	}
	if (provisioning->dry_run) {
		say(provisioning, "bucket %s: would be created", s3->config->bucket);
		return VM_OK;
	}
	*there = true;
	return make_bucket(provisioning);
}

static const xmlNode *skip_blanks(const xmlNode *node)
{
	while (node != NULL && xmlIsBlankNode(node))
		node = node->next;
	return node;
}

static bool is_same(const xmlNode *a, const xmlNode *b);

/* Every child of `a` has its equal in `b`: the service keeps no order. */
static bool has_all(const xmlNode *a, const xmlNode *b)
{
	for (a = skip_blanks(a); a != NULL; a = skip_blanks(a->next)) {
		const xmlNode *equal = skip_blanks(b);

		while (equal != NULL && !is_same(a, equal))
			equal = skip_blanks(equal->next);
		if (equal == NULL)
			return false;
	}
	return true;
}

/* Blanks between elements, name spaces and the XML declaration say nothing. */
static bool is_same(const xmlNode *a, const xmlNode *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == XML_TEXT_NODE)
		return xmlStrEqual(a->content, b->content);
	return xmlStrEqual(a->name, b->name) && has_all(a->children, b->children) &&
	       has_all(b->children, a->children);
}

/* Entries with a name that is not vidmill's. */
static bool has_others(const xmlNode *root)
{
	for (const xmlNode *entry = root->children; entry != NULL; entry = entry->next) {
		char name[128];

		if (entry->type != XML_ELEMENT_NODE)
			continue;
		if (!aws_xml_text(entry, "Id", name, sizeof name))
			aws_xml_text(entry, "ID", name, sizeof name);
		if (strncmp(name, "vidmill", strlen("vidmill")) != 0)
			return true;
	}
	return false;
}

enum state { ABSENT, SAME, OTHER, OTHERS };

static enum state compare(const struct s3_wanted *wanted, const struct kit_buffer *body)
{
	xmlDoc *have = aws_xml_read(body->bytes, body->length);
	xmlDoc *want = aws_xml_read(wanted->text.bytes, wanted->text.length);
	const xmlNode *root = have != NULL ? xmlDocGetRootElement(have) : NULL;
	enum state state = OTHER;

	if (root == NULL || root->children == NULL)
		state = ABSENT;
	else if (want != NULL && is_same(root, xmlDocGetRootElement(want)))
		state = SAME;
	else if (wanted->shared && has_others(root))
		state = OTHERS;
	xmlFreeDoc(have);
	xmlFreeDoc(want);
	return state;
}

static int look_at(const struct provisioning *provisioning, const struct s3_wanted *wanted,
                   enum state *state)
{
	struct s3_request request = {0};
	struct vm_error why;
	int status = s3_begin(provisioning->s3, &request, "look at", "GET", NULL, &why);

	*state = ABSENT;
	if (status == VM_OK)
		status = aws_query_add(&request.query, wanted->name, "", &why);
	if (status == VM_OK)
		status = s3_send(provisioning->s3, &request, provisioning->call);
	if (status == VM_OK)
		*state = compare(wanted, &request.answer.body);
	/* Each has its own code for "none yet", and all are 404. */
	else if (request.answer.status == 404)
		status = VM_OK;
	else
		*provisioning->err = why;
	s3_finish(&request);
	return status;
}

static int change(const struct provisioning *provisioning, const struct s3_wanted *wanted)
{
	struct s3_request request = {0};
	int status = s3_begin(provisioning->s3, &request, wanted->what, "PUT", NULL, provisioning->err);

	if (status == VM_OK)
		status = aws_query_add(&request.query, wanted->name, "", provisioning->err);
	if (status == VM_OK)
		status = http_headers_add(&request.headers, provisioning->err, "content-type",
		                          "application/xml");
	if (status == VM_OK)
		status = s3_send_bytes(provisioning->s3, &request, wanted->text.bytes, wanted->text.length,
		                       provisioning->call);
	s3_finish(&request);
	return status;
}

static int provide(const struct provisioning *provisioning, const struct s3_wanted *wanted,
                   bool there)
{
	enum state state = ABSENT;
	int status;

	if (wanted->text.length == 0)
		return VM_OK;
	status = there ? look_at(provisioning, wanted, &state) : VM_OK;
	/* Not every store that speaks like S3 has all of its settings. */
	if (status == VM_ERR_UNSUPPORTED) {
		say(provisioning, "%s: cannot be set, the service does not know it", wanted->what);
		return VM_OK;
	}
	if (status != VM_OK)
		return status;
	if (state == SAME || state == OTHERS) {
		say(provisioning, "%s: %s", wanted->what,
		    state == SAME ? "as it should be" : "cannot be set beside that of others");
		return VM_OK;
	}
	if (!provisioning->dry_run)
		status = change(provisioning, wanted);
	if (status == VM_OK)
		say(provisioning, "%s: %s", wanted->what, provisioning->dry_run ? "would be set" : "set");
	return status;
}

static int provide_all(const struct provisioning *provisioning, bool there)
{
	const struct s3_config *config = provisioning->s3->config;
	bool sources = strcmp(provisioning->s3->host->role, "storage.processed") != 0;
	struct s3_wanted all[] = {
	    {.name = "publicAccessBlock", .what = "access from outside", .shared = false},
	    {.name = "encryption", .what = "encryption", .shared = false},
	    {.name = "lifecycle", .what = "lifecycle", .shared = true},
	    {.name = "cors", .what = "requests of browsers", .shared = true},
	    {.name = "notification", .what = "news of uploads", .shared = true},
	};
	const size_t count = sizeof all / sizeof *all;
	struct vm_error *err = provisioning->err;
	int status;

	for (size_t i = 0; i < count; i++)
		kit_buffer_init(&all[i].text, SIZE_MAX / 2);
	status = s3_want_private(&all[0], err);
	if (status == VM_OK && config->encryption != S3_ENCRYPTION_BUCKET)
		status = s3_want_encryption(config, &all[1], err);
	if (status == VM_OK)
		status = s3_want_lifecycle(config, &all[2], sources, err);
	if (status == VM_OK && sources && config->cors.count > 0)
		status = s3_want_cors(config, &all[3], err);
	if (status == VM_OK && sources && config->notify != NULL)
		status = s3_want_notification(provisioning->s3, &all[4], provisioning->call, err);
	for (size_t i = 0; i < count && status == VM_OK; i++)
		status = provide(provisioning, &all[i], there);
	for (size_t i = 0; i < count; i++)
		kit_buffer_finish(&all[i].text);
	return status;
}

int s3_provision(void *self, bool dry_run, vm_say_fn *say_line, void *ctx,
                 const struct vm_call *call, struct vm_error *err)
{
	struct vm_error why;
	const struct provisioning provisioning = {
	    .s3 = self, .dry_run = dry_run, .say = say_line, .ctx = ctx, .call = call, .err = &why};
	bool there;
	int status = provide_bucket(&provisioning, &there);

	if (status == VM_OK)
		status = provide_all(&provisioning, there);
	if (status != VM_OK && err != NULL)
		*err = why;
	return status;
}
