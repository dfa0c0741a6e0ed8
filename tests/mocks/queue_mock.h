/* queue_mock.h - what queue-mock remembers, and what its two halves share. */
#ifndef MOCKS_QUEUE_MOCK_H
#define MOCKS_QUEUE_MOCK_H

#include <vidmill/plugin.h>

#include "mock.h"

/*
 * "messages": { ID: { "bytes", "sent_ms", "due_ms", "receives", "receipt" } }, and "dead", the
 * same with "reason" and "died_ms". An id is the number of the body, a receipt that of the receive.
 */

/* A message or a dead letter, kept beyond the turn that read it. */
struct letter {
	char id[32], receipt[64];
	json_t *json;
	char *body;
	size_t length;
};

json_int_t letter_number(const json_t *json, const char *name);
bool letter_set(json_t *json, const char *name, json_int_t value);

/* NULL when there is none in this folder, "messages" or "dead". */
json_t *letter_find(const struct mock_turn *turn, const char *folder, const char *id);
/* Fills what begins as zero; to be freed also when it failed. */
int letter_read(const struct mock_turn *turn, const char *id, json_t *json, struct letter *out,
                struct vm_error *err);
void letter_free(struct letter *letter);
/* Saves the state without it; marks nothing. */
int letter_forget(struct mock_turn *turn, const char *folder, const char *id, struct vm_error *err);

/* Makes a dead letter of a message that is there; marks the turn as changed. */
int queue_bury(struct mock_turn *turn, const char *id, const char *reason, struct vm_error *err);

int queue_list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err);
int queue_redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                  struct vm_error *err);
int queue_remove_dead(void *self, const char *id, const struct vm_call *call, struct vm_error *err);

#endif
