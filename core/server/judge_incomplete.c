/* judge_incomplete.c - the audit that goes round: one processed video after the other. */
#include "server/judge.h"

#include <stdlib.h>
#include <string.h>

#include "server/audit_result.h"
#include "server/documents.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/log.h"

#define READ_MS 10000

/* True with the next processed video's id; at the end it begins again. */
static bool find_next(struct server *server, struct judge_memory *memory)
{
	struct vm_condition processed = {
	    .field = "state", .match = VM_MATCH_EQUAL, .text = video_state_name(VIDEO_PROCESSED)};
	struct vm_find find = {.conditions = &processed,
	                       .count = 1,
	                       .limit = 1,
	                       .after_id = memory->audited[0] != '\0' ? memory->audited : NULL};
	char(*ids)[VIDEO_ID_MAX] = NULL;
	size_t count = 0;
	struct call call;

	call_init(&call, server->stop, READ_MS);
	if (documents_ids(server->places.meta, &find, &ids, &count, &call.vm, NULL) != VM_OK)
		return false;
	snprintf(memory->audited, sizeof memory->audited, "%s", count > 0 ? ids[0] : "");
	free(ids);
	return count > 0;
}

enum verdict { VERDICT_UNKNOWN = 1, VERDICT_COMPLETE = 2, VERDICT_INCOMPLETE = 3 };

static enum verdict audit(struct server *server, const char *id, bool is_news)
{
	struct log_scope scope = {.video = id};
	char fault[RESULT_FAULT_MAX];
	struct video video;
	struct call call;
	int status;

	call_init(&call, server->stop, READ_MS);
	status = document_read(server->places.meta, id, &video, &call.vm, NULL);
	if (status == VM_ERR_NOT_FOUND ||
	    (status == VM_OK && (video.state != VIDEO_PROCESSED || video.remove_asked)))
		return VERDICT_COMPLETE;
	if (status != VM_OK || audit_result(server->places.storage_processed, &video, false,
	                                    server->stop, fault, NULL) != VM_OK)
		return VERDICT_UNKNOWN;
	if (fault[0] == '\0')
		return VERDICT_COMPLETE;
	if (is_news) {
		log_enter(&scope);
		log_error("processed, but %s", fault);
		log_leave(&scope);
	}
	return VERDICT_INCOMPLETE;
}

static bool is_known(const struct judge_memory *memory, const char *id)
{
	for (size_t i = 0; i < memory->n_incomplete; i++)
		if (strcmp(memory->incomplete[i], id) == 0)
			return true;
	return false;
}

static void forget_mended(struct server *server, struct judge_memory *memory)
{
	size_t kept = 0;

	for (size_t i = 0; i < memory->n_incomplete; i++)
		if (audit(server, memory->incomplete[i], false) != VERDICT_COMPLETE)
			memmove(memory->incomplete[kept++], memory->incomplete[i], VIDEO_ID_MAX);
	memory->n_incomplete = kept;
}

bool judge_incomplete(struct server *server, struct judge_memory *memory, struct alarm *out)
{
	uint64_t every_ms = server->pipeline->server.alarms.audit_ms;
	int64_t now_ms = clock_monotonic_ms();

	if (every_ms == 0 ||
	    (memory->audited_ms != 0 && now_ms - memory->audited_ms < (int64_t)every_ms))
		return false;
	memory->audited_ms = now_ms;
	forget_mended(server, memory);
	if (find_next(server, memory) && !is_known(memory, memory->audited) &&
	    memory->n_incomplete < JUDGE_INCOMPLETE_MAX &&
	    audit(server, memory->audited, true) == VERDICT_INCOMPLETE)
		memcpy(memory->incomplete[memory->n_incomplete++], memory->audited, VIDEO_ID_MAX);
	out->figure = (double)memory->n_incomplete;
	out->raised = memory->n_incomplete > 0;
	snprintf(out->detail, sizeof out->detail,
	         "processed videos that are not complete: %zu; vidmill audit names them",
	         memory->n_incomplete);
	return true;
}
