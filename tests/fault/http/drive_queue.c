/* drive_queue.c - the operations of queue plugins. */
#include <string.h>

#include "drive.h"

static const struct vm_queue_ops *ops(const struct drive *drive)
{
	return drive->plugin->ops.queue;
}

static int send_message(struct drive *drive)
{
	const char *text = drive_text(drive, "text");

	return ops(drive)->send(drive->self, text, strlen(text), 0, drive->call, drive->err);
}

static enum vm_more take_message(void *ctx, const struct vm_message *message)
{
	drive_list(ctx, json_pack("{s:s, s:s, s:s%}", "id", message->id, "receipt", message->receipt,
	                          "text", message->body, message->length));
	return VM_MORE;
}

static int receive(struct drive *drive)
{
	return ops(drive)->receive(drive->self, 10, drive_number(drive, "wait_ms"), take_message, drive,
	                           drive->call, drive->err);
}

static int extend(struct drive *drive)
{
	return ops(drive)->extend(drive->self, drive_text(drive, "receipt"),
	                          drive_number(drive, "hide_ms"), drive->call, drive->err);
}

static int remove_message(struct drive *drive)
{
	return ops(drive)->remove(drive->self, drive_text(drive, "receipt"), drive->call, drive->err);
}

static int dead_letter(struct drive *drive)
{
	const char *text = drive_text(drive, "text");
	const struct vm_message message = {.id = drive_text(drive, "id"),
	                                   .receipt = drive_text(drive, "receipt"),
	                                   .body = text,
	                                   .length = strlen(text),
	                                   .receives = 1};

	return ops(drive)->dead_letter(drive->self, &message, "no video", drive->call, drive->err);
}

static int stats(struct drive *drive)
{
	struct vm_queue_stats stats = {.size = sizeof stats};
	int status = ops(drive)->stats(drive->self, &stats, drive->call, drive->err);

	if (status == VM_OK) {
		json_object_set_new(drive->out, "visible", json_integer((json_int_t)stats.visible));
		json_object_set_new(drive->out, "dead", json_integer((json_int_t)stats.dead));
	}
	return status;
}

static enum vm_more take_letter(void *ctx, const struct vm_dead_letter *letter)
{
	drive_list(ctx, json_pack("{s:s, s:s, s:s%}", "id", letter->id, "reason", letter->reason,
	                          "text", letter->body, letter->length));
	return VM_MORE;
}

static int list_dead(struct drive *drive)
{
	return ops(drive)->list_dead(drive->self, 100, take_letter, drive, drive->call, drive->err);
}

static int redrive(struct drive *drive)
{
	const char *id = drive_text(drive, "id");
	uint64_t moved = 0;
	int status = ops(drive)->redrive(drive->self, id[0] != '\0' ? id : NULL, &moved, drive->call,
	                                 drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "moved", json_integer((json_int_t)moved));
	return status;
}

static int remove_dead(struct drive *drive)
{
	return ops(drive)->remove_dead(drive->self, drive_text(drive, "id"), drive->call, drive->err);
}

const struct drive_operation queue_operations[] = {
    {"send", send_message},       {"receive", receive},
    {"extend", extend},           {"remove", remove_message},
    {"dead_letter", dead_letter}, {"stats", stats},
    {"list_dead", list_dead},     {"redrive", redrive},
    {"remove_dead", remove_dead}, {0},
};
