/* session_end.c - how a codec child ended, and what that makes of the attempt. */
#include "support/clock.h"
#include "support/log.h"
#include "worker/session_internal.h"

void session_end_child(struct session *session, uint64_t wait_ms, struct child_end *end)
{
	char time[CLOCK_TEXT_MAX];

	child_end(&session->child, wait_ms, end);
	session->running = false;
	log_info("the codec child used %s of processor time and %llu MiB of memory",
	         clock_duration_text((int64_t)end->cpu_ms, time),
	         (unsigned long long)end->memory_most >> 20);
}

void session_judge_death(struct session *session, int status, const struct vm_error *error,
                         struct verdict *verdict)
{
	const char *plugin = session->want.stage->role.plugin_name;
	struct child_end end;

	/* One that closed its end is about to go, by a signal that is worth knowing. */
	session_end_child(session, status == VM_ERR_NOT_FOUND ? TICK_MS : 0, &end);
	last_words_take(&session->words, session->child.words);
	if (verdict_of_budget(&end, &session->budget, verdict))
		return;
	if (status == VM_ERR_BAD_DATA)
		verdict_set(verdict, ERROR_DECODER_CRASH, true, "%s breaks the protocol of its child: %s",
		            plugin, error->message);
	else if (status == VM_ERR_TIMEOUT)
		verdict_set(verdict, ERROR_TIMEOUT, true, "%s", error->message);
	else if (end.killed)
		verdict_set(verdict, ERROR_DECODER_CRASH, true, "%s: %s", plugin, error->message);
	else
		verdict_of_death(&end, plugin, session->words.last, verdict);
}

enum session_result session_judge_answer(struct session *session, const struct vm_error *error,
                                         enum fault_place read_from, enum fault_place said_by,
                                         struct verdict *verdict)
{
	bool no_memory = error->status == VM_ERR_NO_MEMORY;
	/* It repeats what it was told: then the memory that was short is ours. */
	bool is_ours = no_memory && session->requests.short_of_memory;
	struct child_end end;

	session_end_child(session, 0, &end);
	end.starved = no_memory && !is_ours;
	if (verdict_of_budget(&end, &session->budget, verdict))
		return SESSION_FAILED;
	/* Decoders call a source that cannot be read damaged. */
	if (session->requests.source_failed)
		verdict_of_error(read_from, &session->requests.source_error, verdict);
	else
		verdict_of_error(is_ours ? FAULT_HOST : said_by, error, verdict);
	return SESSION_FAILED;
}
