/* part_queue_look.c - the queues as workers, the checker and bad luck reach them. */
#include <string.h>

#include "part_queue.h"

static struct queue *queue_of(const struct plugin *plugin)
{
	return plugin == &sim_queue_unprocessed ? &unprocessed : &processed;
}

uint64_t queue_messages(const struct plugin *plugin)
{
	uint64_t count = 0;

	for (struct message *m = queue_of(plugin)->messages; m != NULL; m = m->next)
		count += !m->is_dead;
	return count;
}

bool queue_has_letter(const char *video)
{
	for (struct message *m = unprocessed.messages; m != NULL; m = m->next)
		if (m->is_dead && strstr(m->body, video) != NULL)
			return true;
	return false;
}

static bool is_event_of(const struct message *message, const char *video, uint64_t epoch)
{
	struct event event;

	return !message->is_dead && event_read(message->body, message->length, &event, NULL) == VM_OK &&
	       strcmp(event.video, video) == 0 && event.epoch == epoch;
}

bool queue_has_unread_event(const char *video, uint64_t epoch, int64_t before_ms)
{
	for (struct message *m = processed.messages; m != NULL; m = m->next)
		if (m->receives == 0 && m->visible_ms < before_ms && is_event_of(m, video, epoch))
			return true;
	return false;
}

bool queue_has_event_in_hand(const char *video, uint64_t epoch)
{
	for (struct message *m = processed.messages; m != NULL; m = m->next)
		if (m->receives > 0 && is_event_of(m, video, epoch))
			return true;
	return false;
}

int queue_send_text(struct plugin *plugin, const char *text, struct vm_error *err)
{
	return queue_do_send(queue_of(plugin), text, strlen(text), 0, NULL, err);
}

int queue_extend_receipt(struct plugin *plugin, const char *receipt, int64_t visibility_ms,
                         struct vm_error *err)
{
	return queue_do_extend(queue_of(plugin), receipt, visibility_ms, err);
}

int queue_remove_receipt(struct plugin *plugin, const char *receipt, struct vm_error *err)
{
	return queue_do_remove(queue_of(plugin), receipt, NULL, err);
}

void queue_lose_one(struct plugin *plugin)
{
	struct queue *queue = queue_of(plugin);
	struct message *chosen = NULL;
	uint64_t n = 0;

	for (struct message *m = queue->messages; m != NULL; m = m->next)
		if (!m->is_dead && chance_up_to(n++) == 0)
			chosen = m;
	if (chosen == NULL)
		return;
	world_say("a message is lost");
	world_disturb();
	queue_excuse(chosen);
	queue_take_out(queue, chosen);
}
