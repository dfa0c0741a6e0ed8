/* state.h - what a mock remembers: one JSON object and some files of bytes, under one lock. */
#ifndef MOCKS_STATE_H
#define MOCKS_STATE_H

#include <jansson.h>

#include <vidmill/host.h>

/* Entered, it excludes every other thread and process of the same mock. [one thread] */
struct state {
	int folder; /* holds the lock; -1: given up */
	json_t *root;
};

/* Waits for its turn and reads what is there. */
int state_enter(const char *dir, struct state *out, struct vm_error *err);
/* Makes what was changed in `root` the state, at once; without it nothing has changed. */
int state_save(struct state *state, struct vm_error *err);
/* Lets the others in; `root` stays to be read. */
void state_unlock(struct state *state);
void state_leave(struct state *state); /* also when it could not be entered */

/* The member of that name, made when it is missing; NULL: out of memory. */
json_t *state_object(const struct state *state, const char *name);
/* A number that no thing of this mock ever had; 0: out of memory. */
json_int_t state_next(const struct state *state);

/* Bytes beside the JSON, by number. */
int state_write_bytes(const struct state *state, json_int_t number, const void *bytes,
                      size_t length, struct vm_error *err);
int state_append_bytes(const struct state *state, json_int_t number, json_int_t from,
                       struct vm_error *err);
int state_read_bytes(const struct state *state, json_int_t number, uint64_t offset, void *buffer,
                     size_t length, size_t *got, struct vm_error *err);
void state_remove_bytes(const struct state *state, json_int_t number);

int64_t state_unix_ms(void);

#endif
