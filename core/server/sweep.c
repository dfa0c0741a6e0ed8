/* sweep.c - one pass of the sweeper over all that is due. */
#include "server/sweep.h"

#include <string.h>

#include "server/documents.h"
#include "server/loops.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/log.h"

#define PAGE 100

struct due {
	char id[VIDEO_ID_MAX];
	int64_t wake_ms;
};

struct page {
	struct due items[PAGE];
	size_t count;
};

static enum vm_more add(void *ctx, const struct video *video)
{
	struct page *page = ctx;
	struct due *due = &page->items[page->count++];

	memcpy(due->id, video->id, sizeof due->id);
	due->wake_ms = video->wake_ms;
	return page->count < PAGE ? VM_MORE : VM_STOP;
}

/* The page behind this one; behind an empty one comes the first. */
static int find_page(struct server *server, int64_t now_ms, struct page *page, struct vm_error *err)
{
	struct due last = page->count > 0 ? page->items[page->count - 1] : (struct due){0};
	struct vm_condition condition = {
	    .field = "wake_ms", .match = VM_MATCH_BELOW_OR_EQUAL, .number = now_ms};
	/* No limit: what cannot be read is left out and takes nobody's place. */
	struct vm_find find = {.conditions = &condition,
	                       .count = 1,
	                       .order_by = "wake_ms",
	                       .after_id = page->count > 0 ? last.id : NULL,
	                       .after_number = last.wake_ms};
	struct call call;

	page->count = 0;
	call_init(&call, server->abort, LOOP_CALL_MS);
	return documents_find(server->places.meta, &find, add, page, &call.vm, err);
}

static bool tick(struct server *server, const char *id)
{
	struct input input = {.type = INPUT_TICK};
	struct effects effects;
	struct vm_error err;
	struct call call;

	call_init(&call, server->abort, LOOP_CALL_MS);
	if (videos_step(server, id, &input, NULL, &effects, &call.vm, &err) == VM_OK)
		return true;
	log_warning("sweeping video %s: %s", id, err.message);
	return false;
}

bool sweep_due(struct server *server)
{
	/* What is stepped gets a later time, so the end is fixed and no video comes twice. */
	int64_t now_ms = clock_unix_ms();
	struct page page = {.count = 0};
	size_t stepped = 0, failed = 0;
	struct vm_error err;

	do {
		if (find_page(server, now_ms, &page, &err) != VM_OK) {
			log_warning("sweeping: %s", err.message);
			return false;
		}
		for (size_t i = 0; i < page.count && !cancel_triggered(server->stop); i++) {
			if (tick(server, page.items[i].id))
				stepped++;
			else
				failed++;
		}
		if (failed == 0 || stepped > 0)
			server->swept_ms = clock_monotonic_ms();
	} while (page.count == PAGE && !cancel_triggered(server->stop));
	return failed == 0 || stepped > 0;
}
