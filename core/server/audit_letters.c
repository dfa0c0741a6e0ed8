/* audit_letters.c - dead letters that no video will ever ask for. */
#include <stdlib.h>
#include <string.h>

#include "plugin/queue.h"
#include "server/audit_parts.h"
#include "server/letters.h"
#include "support/call.h"

struct found_letter {
	char id[VM_MESSAGE_ID_MAX];
	char video[VIDEO_ID_MAX]; /* empty: no video of ours */
};

struct found_letters {
	struct audit *audit;
	struct found_letter *items;
	size_t count;
	bool no_memory;
};

static enum vm_more add_letter(void *ctx, const struct vm_dead_letter *letter)
{
	struct found_letters *letters = ctx;
	struct found_letter *items = realloc(letters->items, (letters->count + 1) * sizeof *items);

	letters->no_memory = items == NULL;
	if (items == NULL)
		return VM_STOP;
	letters->items = items;
	snprintf(items[letters->count].id, sizeof items->id, "%s", letter->id);
	letters->no_memory = !letter_video(letters->audit->server, letter,
	                                   items[letters->count++].video);
	return letters->no_memory ? VM_STOP : VM_MORE;
}

static void audit_letter(struct audit *audit, const struct found_letter *letter)
{
	char remedy[sizeof((struct finding *)0)->remedy];
	struct audit_owner owner = {0};
	struct vm_error err;
	int status = VM_ERR_NOT_FOUND;

	audit->sums->dead_letters++;
	if (letter->video[0] != '\0')
		status = audit_owner(audit, &owner, letter->video, &err);
	if (status == VM_OK || status == VM_ERR_BAD_DATA)
		return;
	if (status != VM_ERR_NOT_FOUND) {
		audit_unchecked(audit, letter->video, "the document of its dead letter", &err);
		return;
	}
	snprintf(remedy, sizeof remedy, "dead letters are for a person: vidmill dead-letters remove %s",
	         letter->id);
	audit_found(audit, FINDING_DEAD_LETTER, letter->video, false, remedy,
	            letter->video[0] != '\0' ? "dead letter %s is of a video that is gone"
	                                     : "dead letter %s is of no video",
	            letter->id);
}

int audit_letters(struct audit *audit, struct vm_error *err)
{
	struct found_letters letters = {.audit = audit};
	struct call call;
	int status;

	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	status = queue_list_dead(audit->server->places.queue_unprocessed, AUDIT_FOUND_MAX, add_letter,
	                         &letters, &call.vm, err);
	if (status == VM_OK && letters.no_memory)
		status = vm_fail_memory(err);
	for (size_t i = 0; i < letters.count; i++) {
		audit_progress(audit, "dead letters", i, letters.count);
		audit_letter(audit, &letters.items[i]);
	}
	free(letters.items);
	return status;
}
