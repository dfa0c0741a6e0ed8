/* storage_optional.c - presign and decode_event, where a store has them. */
#include <string.h>

#include "storage_kit.h"
#include "suites.h"

#define SIZE_BYTES (UINT64_C(20) << 20)

struct requests {
	struct contract *t;
	uint64_t next;
	uint32_t part;
	unsigned count;
};

static enum vm_more check_request(void *ctx, const struct vm_request *request)
{
	struct requests *requests = ctx;
	struct contract *t = requests->t;

	expect(t, request->method != NULL && request->method[0] != '\0', "a request has no method");
	expect(t,
	       request->url != NULL && (strncmp(request->url, "https://", 8) == 0 ||
	                                strncmp(request->url, "http://", 7) == 0),
	       "a request's URL begins neither with https:// nor with http://");
	for (const char *const *header = request->headers; header != NULL && *header != NULL; header++)
		expect(t, strchr(*header, ':') != NULL && strpbrk(*header, "\r\n") == NULL,
		       "a header of a request is not \"Name: value\"");
	expect(t, request->offset == requests->next,
	       "the requests leave a gap: expected one from byte %llu, got %llu",
	       (unsigned long long)requests->next, (unsigned long long)request->offset);
	expect(t, request->part == 0 ? requests->count == 0 : request->part == requests->part + 1,
	       "part %u follows part %u", request->part, requests->part);
	requests->next += request->bytes;
	requests->part = request->part;
	requests->count++;
	return VM_MORE;
}

static void presign(struct contract *t)
{
	struct store s = s_open(t);
	struct requests requests = {.t = t};
	struct vm_presign presign = {
	    .put = {.key = s_key(t, "upload"), .content_type = "video/mp4", .if_absent = true},
	    .bytes = SIZE_BYTES,
	    .expires_ms = 600000,
	};
	struct vm_error err;

	if (!VM_HAS(s.ops, presign))
		contract_skip(t, "the store has no presign: the host offers its own upload URL");
	expect_ok(t, &err, s.ops->presign(s.self, &presign, check_request, &requests, NULL, &err));
	expect(t, requests.next == SIZE_BYTES, "the requests carry %llu bytes of %llu",
	       (unsigned long long)requests.next, (unsigned long long)SIZE_BYTES);
	s_expect_absent(&s, presign.put.key);
}

static enum vm_more no_event(void *ctx, const struct vm_storage_event *event)
{
	(void)event;
	contract_fail(ctx, __FILE__, __LINE__, "found an event in what is no message of the store");
}

static void decode_garbage(struct contract *t)
{
	static const char *const garbage[] = {"", "not json", "{", "[]", "\"text\"", "\xFF\xFE"};
	struct store s = s_open(t);
	struct vm_error err;

	if (!VM_HAS(s.ops, decode_event))
		contract_skip(t, "the store has no decode_event: it sends no messages");
	for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
		expect_status(
		    t, VM_ERR_BAD_DATA, &err,
		    s.ops->decode_event(s.self, garbage[i], strlen(garbage[i]), no_event, t, &err));
}

const struct contract_case storage_optional_cases[] = {
    {"presign", "Requests by which a client without credential writes exactly this object.",
     presign},
    {"decode-garbage", "VM_ERR_BAD_DATA when it is no message of this store.", decode_garbage},
    {NULL, NULL, NULL},
};
