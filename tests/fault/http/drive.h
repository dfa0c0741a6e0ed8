/* drive.h - one operation of a plugin, as a line of JSON asks for it. */
#ifndef FAULT_HTTP_DRIVE_H
#define FAULT_HTTP_DRIVE_H

#include <jansson.h>

#include <vidmill/plugin.h>

struct drive {
	const struct vm_plugin *plugin;
	void *self;
	const json_t *in; /* the line: { "operation": "put", "key": …, "text": … } */
	json_t *out;      /* what the operation gave, by name */
	const struct vm_call *call;
	struct vm_error *err;
};

struct drive_operation {
	const char *name;
	int (*run)(struct drive *drive);
};

/* Each ended by one without a name. */
extern const struct drive_operation storage_operations[], queue_operations[];
extern const struct drive_operation compute_operations[], meta_operations[];

/* A member of the line; "" and 0 when it is not there. */
const char *drive_text(const struct drive *drive, const char *name);
uint64_t drive_number(const struct drive *drive, const char *name);

/* Appends to the list that is out's member "list". */
void drive_list(struct drive *drive, json_t *item);

#endif
