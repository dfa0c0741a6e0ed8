/* fields.h - a struct as a JSON object, by one table for both directions. */
#ifndef VIDEO_FIELDS_H
#define VIDEO_FIELDS_H

#include <jansson.h>

#include <vidmill/status.h>

enum field_type {
	FIELD_TEXT = 1,  /* char[size] */
	FIELD_INT = 2,   /* int64_t */
	FIELD_COUNT = 3, /* uint64_t, up to INT64_MAX */
	FIELD_REAL = 4,  /* double */
	FIELD_BOOL = 5,  /* bool */
	FIELD_WORD = 6,  /* an enum; words[value] is how it is written */
	FIELD_GROUP = 7  /* a struct inside the struct, with a table of its own */
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	size_t size;              /* TEXT: of the array; WORD: how many words */
	const char *const *words; /* WORD: NULL where a number has no word */
	const struct field *group;
};

#define FIELD(struct_, member_) .offset = offsetof(struct_, member_)
#define FIELD_AS_TEXT(struct_, member_)                                                            \
	.type = FIELD_TEXT, FIELD(struct_, member_), .size = sizeof(((struct_ *)0)->member_)
#define FIELD_AS_WORD(struct_, member_, words_)                                                    \
	.type = FIELD_WORD, FIELD(struct_, member_), .words = (words_),                                \
	.size = sizeof(words_) / sizeof((words_)[0])

/* Zeros and empty texts are left out. A table ends with a row without name. NULL: no memory. */
json_t *fields_to_json(const struct field *table, const void *base);

/*
 * What is absent or null becomes zero. A member of another type, a text that
 * does not fit and an unknown word are VM_ERR_BAD_DATA and named.
 */
int fields_from_json(const struct field *table, const json_t *json, void *base,
                     struct vm_error *err);

#endif
