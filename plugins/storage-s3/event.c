/* event.c - what S3 tells a queue: records of its own, or events of EventBridge. */
#include <jansson.h>
#include <string.h>

#include "s3.h"

/* Notification content structure: the version of the records that this reads. */
#define VERSION_MAJOR "2."

struct telling {
	const struct s3 *s3;
	vm_event_fn *emit;
	void *ctx;
};

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static bool begins(const char *text, const char *start)
{
	return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

/*
 * Of another bucket, or outside of this one's share: nothing of ours. `encoded`
 * is what S3 does to keys in its own records and EventBridge does not.
 */
static enum vm_more tell(const struct telling *telling, const char *bucket, const json_t *object,
                         bool encoded, bool removed)
{
	const char *prefix = telling->s3->config->prefix;
	const char *given = text_of(object, "key"), *etag = text_of(object, "eTag");
	json_int_t bytes = json_integer_value(json_object_get(object, "size"));
	char key[3 * VM_KEY_MAX];
	struct vm_storage_event event = {
	    .etag = etag != NULL ? etag : text_of(object, "etag"),
	    .sequencer = text_of(object, "sequencer"),
	    .bytes = bytes > 0 ? (uint64_t)bytes : 0,
	    .removed = removed,
	};

	if (bucket == NULL || strcmp(bucket, telling->s3->config->bucket) != 0 || given == NULL ||
	    strlen(given) >= sizeof key)
		return VM_MORE;
	memcpy(key, given, strlen(given) + 1);
	if ((encoded && !s3_decode(key)) || !begins(key, prefix) || key[strlen(prefix)] == '\0')
		return VM_MORE;
	event.key = key + strlen(prefix);
	return telling->emit(telling->ctx, &event);
}

static int tell_records(const struct telling *telling, const json_t *records, struct vm_error *err)
{
	size_t index;
	json_t *record;

	json_array_foreach(records, index, record)
	{
		const json_t *s3 = json_object_get(record, "s3");
		const char *name = text_of(record, "eventName");
		bool removed = begins(name, "ObjectRemoved:") || begins(name, "LifecycleExpiration:");

		if (!begins(text_of(record, "eventVersion"), VERSION_MAJOR))
			return vm_fail(err, VM_ERR_BAD_DATA, "event %zu: not of version " VERSION_MAJOR "x",
			               index);
		/* Tags, tiers, replication: nothing came and nothing went. */
		if (!removed && !begins(name, "ObjectCreated:"))
			continue;
		if (tell(telling, text_of(json_object_get(s3, "bucket"), "name"),
		         json_object_get(s3, "object"), true, removed) == VM_STOP)
			break;
	}
	return VM_OK;
}

static void tell_event_bridge(const struct telling *telling, const json_t *root)
{
	const json_t *detail = json_object_get(root, "detail");
	const char *type = text_of(root, "detail-type");
	bool removed = type != NULL && strcmp(type, "Object Deleted") == 0;

	if (removed || (type != NULL && strcmp(type, "Object Created") == 0))
		tell(telling, text_of(json_object_get(detail, "bucket"), "name"),
		     json_object_get(detail, "object"), false, removed);
}

int s3_decode_event(void *self, const void *message, size_t length, vm_event_fn *emit, void *ctx,
                    struct vm_error *err)
{
	const struct telling telling = {.s3 = self, .emit = emit, .ctx = ctx};
	json_t *root = json_loadb(length > 0 ? message : "", length, 0, NULL);
	const json_t *records = json_object_get(root, "Records");
	const char *event = text_of(root, "Event"), *source = text_of(root, "source");
	int status = VM_OK;

	if (json_is_array(records))
		status = tell_records(&telling, records, err);
	else if (source != NULL && strcmp(source, "aws.s3") == 0)
		tell_event_bridge(&telling, root);
	/* Sent once, when a notification is configured. */
	else if (event == NULL || strcmp(event, "s3:TestEvent") != 0)
		status = vm_fail(err, VM_ERR_BAD_DATA, "no event of S3");
	json_decref(root);
	return status;
}
