/* upload_receiver.c - cuts a stream of bytes into parts and hands them to storage. */
#include "server/upload_receiver.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "support/call.h"
#include "support/crash_point.h"
#include "support/log.h"

/* Large enough that a request for each costs little, small enough for some dozens at once. */
enum { PART_BYTES = 8 << 20, STORE_MS = 60000 };

struct receiver {
	struct vm_storage_traits traits;
	struct instance *storage;
	const struct cancel *cancel;
	struct vm_put put;
	char key[VM_KEY_MAX];
	char content_type[128];
	uint64_t bytes_most, taken;
	size_t part_bytes, filled;
	unsigned char *part;
	bool begun, committed;
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part *parts;
	size_t n_parts, parts_capacity;
};

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* So that what may come fits into as many parts as the store allows. */
static uint64_t choose_part_bytes(const struct vm_storage_traits *traits, uint64_t bytes_most)
{
	uint64_t bytes = larger(PART_BYTES, traits->part_bytes_min);

	if (traits->parts_max > 0)
		bytes = larger(bytes, bytes_most / traits->parts_max + 1);
	if (traits->part_bytes_max > 0 && bytes > traits->part_bytes_max)
		bytes = traits->part_bytes_max;
	return bytes;
}

int receiver_create(const struct receiver_want *want, struct receiver **out, struct vm_error *err)
{
	struct receiver *receiver = calloc(1, sizeof *receiver);

	if (receiver == NULL)
		return vm_fail_memory(err);
	receiver->storage = want->storage;
	receiver->cancel = want->cancel;
	receiver->bytes_most = want->bytes_most;
	snprintf(receiver->key, sizeof receiver->key, "%s", want->key);
	if (want->content_type != NULL)
		snprintf(receiver->content_type, sizeof receiver->content_type, "%s", want->content_type);
	receiver->put = (struct vm_put){
	    .key = receiver->key,
	    .content_type = receiver->content_type[0] != '\0' ? receiver->content_type : NULL,
	    .if_absent = true,
	};
	receiver->traits.size = sizeof receiver->traits;
	storage_traits(receiver->storage, &receiver->traits);
	receiver->part_bytes = (size_t)choose_part_bytes(&receiver->traits, want->bytes_most);
	if (want->bytes_known && want->bytes_most < receiver->part_bytes)
		receiver->part_bytes = want->bytes_most > 0 ? (size_t)want->bytes_most : 1;
	receiver->part = malloc(receiver->part_bytes);
	if (receiver->part == NULL) {
		receiver_destroy(receiver);
		return vm_fail_memory(err);
	}
	*out = receiver;
	return VM_OK;
}

static int grow_parts(struct receiver *receiver, struct vm_error *err)
{
	size_t capacity = receiver->parts_capacity > 0 ? 2 * receiver->parts_capacity : 16;
	struct vm_part *parts = realloc(receiver->parts, capacity * sizeof *parts);

	if (parts == NULL)
		return vm_fail_memory(err);
	receiver->parts = parts;
	receiver->parts_capacity = capacity;
	return VM_OK;
}

static int send_part(struct receiver *receiver, struct vm_error *err)
{
	struct call call;
	int status;

	call_init(&call, receiver->cancel, STORE_MS);
	if (!receiver->begun) {
		status = storage_upload_begin(receiver->storage, &receiver->put, receiver->upload, &call.vm,
		                              err);
		if (status != VM_OK)
			return status;
		receiver->begun = true;
		CRASH_POINT(SERVER_UPLOAD_BEGUN);
	}
	if (receiver->n_parts == receiver->parts_capacity &&
	    (status = grow_parts(receiver, err)) != VM_OK)
		return status;
	status = storage_upload_part(receiver->storage, receiver->key, receiver->upload,
	                             (uint32_t)receiver->n_parts + 1, receiver->part, receiver->filled,
	                             &receiver->parts[receiver->n_parts], &call.vm, err);
	if (status != VM_OK)
		return status;
	CRASH_POINT(SERVER_UPLOAD_PART_STORED);
	receiver->n_parts++;
	receiver->filled = 0;
	return VM_OK;
}

int receiver_take(struct receiver *receiver, const void *bytes, size_t length, struct vm_error *err)
{
	const unsigned char *next = bytes;

	if (length > receiver->bytes_most - receiver->taken)
		return vm_fail(err, VM_ERR_LIMIT, "longer than the %" PRIu64 " bytes that it may have",
		               receiver->bytes_most);
	receiver->taken += length;
	while (length > 0) {
		size_t room = receiver->part_bytes - receiver->filled;
		size_t piece = length < room ? length : room;
		int status;

		/* A full part waits for the next byte: the last one is sent by the commit. */
		if (room == 0) {
			if ((status = send_part(receiver, err)) != VM_OK)
				return status;
			continue;
		}
		memcpy(receiver->part + receiver->filled, next, piece);
		receiver->filled += piece;
		next += piece;
		length -= piece;
	}
	return VM_OK;
}

int receiver_commit(struct receiver *receiver, struct vm_error *err)
{
	struct vm_object object;
	struct call call;
	int status;

	if (receiver->begun && (status = send_part(receiver, err)) != VM_OK)
		return status;
	call_init(&call, receiver->cancel, STORE_MS);
	if (receiver->begun)
		status = storage_upload_commit(receiver->storage, &receiver->put, receiver->upload,
		                               receiver->parts, receiver->n_parts, &object, &call.vm, err);
	else
		status = storage_put(receiver->storage, &receiver->put, receiver->part, receiver->filled,
		                     &object, &call.vm, err);
	receiver->committed = status == VM_OK;
	if (receiver->committed)
		CRASH_POINT(SERVER_SOURCE_STORED);
	return status;
}

/* What cannot be aborted now, the sweeper finds by list_uploads. */
static void abort_upload(struct receiver *receiver)
{
	struct vm_error err;
	struct call call;

	/* Not the receiver's token: a server that stops leaves nothing behind either. */
	call_init(&call, NULL, STORE_MS);
	if (storage_upload_abort(receiver->storage, receiver->key, receiver->upload, &call.vm, &err) !=
	    VM_OK)
		log_warning("an upload that broke off is left in the store: %s", err.message);
}

void receiver_destroy(struct receiver *receiver)
{
	if (receiver == NULL)
		return;
	if (receiver->begun && !receiver->committed)
		abort_upload(receiver);
	free(receiver->parts);
	free(receiver->part);
	free(receiver);
}
