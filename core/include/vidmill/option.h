/* option.h - a plugin's options as a table: the host parses, checks and documents them. */
#ifndef VIDMILL_OPTION_H
#define VIDMILL_OPTION_H

#include <vidmill/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum vm_option_type {
	VM_OPTION_STRING = 1,   /* const char *; NULL when not given and without default */
	VM_OPTION_INT = 2,      /* int64_t */
	VM_OPTION_BOOL = 3,     /* bool */
	VM_OPTION_SIZE = 4,     /* uint64_t, bytes; written 4096, "64KiB", "8MiB", "50GiB", "1.5MB" */
	VM_OPTION_DURATION = 5, /* uint64_t, milliseconds; written "250ms", "30s", "15m", "4h", "2d" */
	VM_OPTION_CHOICE = 6,   /* int: 0-based index into choices */
	VM_OPTION_RATIONAL = 7, /* struct vm_rational; written 25, "30000/1001", "0.5", "10%" */
	VM_OPTION_RATE = 8,     /* uint64_t, bits per second; written 128000, "128k", "4.5M" */
	VM_OPTION_STRINGS = 9,  /* struct vm_strings; written [ "a", "b" ] */
	VM_OPTION_GROUPS = 10   /* struct vm_groups; written ( { … }, { … } ) */
};

enum vm_option_flag {
	VM_REQUIRED = 1 << 0,
	/*
	 * Written env:NAME or file:/path; the host resolves it, never logs it and
	 * wipes it. A literal is an error. Strings only.
	 */
	VM_SECRET = 1 << 1,
	/* Still read, with a warning that says `doc`. */
	VM_DEPRECATED = 1 << 2,
	/* No entry of the list may repeat this one: the name of a rendition. Strings in groups only. */
	VM_UNIQUE = 1 << 3
};

struct vm_rational {
	int64_t num;
	int64_t den; /* > 0 */
};

struct vm_strings {
	const char *const *items;
	size_t count;
};

/* `items`: `count` structs of the row's group_size, each filled by the row's group table. */
struct vm_groups {
	const void *items;
	size_t count;
};

/*
 * One row. Write it with the macros below, which bind the row to a field of
 * the plugin's config struct and do not compile when the field's type is wrong:
 *
 *	{ .name = "part_size", VM_SIZE(struct s3_config, part_size), .fallback = "8MiB",
 *	  .min = 5 << 20, .doc = "Bytes in one part of a multipart upload." },
 *
 * A table ends with a row whose name is NULL.
 */
struct vm_option {
	const char *name;
	enum vm_option_type type;
	uint32_t flags;
	size_t offset;
	/* The default, as the user would write it (a list as "[ \"a\", \"b\" ]"); NULL: none. */
	const char *fallback;
	/* Inclusive, for SIZE, DURATION, RATE and INT, in the field's own unit. Both 0: no range; max
	 * alone 0: no upper end. */
	int64_t min, max;
	/* CHOICE, and STRINGS when only some are allowed: names, ended by NULL. */
	const char *const *choices;
	/* GROUPS: the table of one entry and the size of its struct. */
	const struct vm_option *group;
	size_t group_size;
	/* One sentence that ends with a full stop. */
	const char *doc;
};

#ifndef __cplusplus
#define VM_FIELD_(config, field, expected)                                                         \
	.offset = _Generic(((config *)0)->field, expected : offsetof(config, field))

#define VM_STRING(config, field) .type = VM_OPTION_STRING, VM_FIELD_(config, field, const char *)
#define VM_INT(config, field) .type = VM_OPTION_INT, VM_FIELD_(config, field, int64_t)
#define VM_BOOL(config, field) .type = VM_OPTION_BOOL, VM_FIELD_(config, field, bool)
#define VM_SIZE(config, field) .type = VM_OPTION_SIZE, VM_FIELD_(config, field, uint64_t)
#define VM_DURATION(config, field) .type = VM_OPTION_DURATION, VM_FIELD_(config, field, uint64_t)
#define VM_CHOICE(config, field) .type = VM_OPTION_CHOICE, VM_FIELD_(config, field, int)
#define VM_RATIONAL(config, field)                                                                 \
	.type = VM_OPTION_RATIONAL, VM_FIELD_(config, field, struct vm_rational)
#define VM_RATE(config, field) .type = VM_OPTION_RATE, VM_FIELD_(config, field, uint64_t)
#define VM_STRINGS(config, field)                                                                  \
	.type = VM_OPTION_STRINGS, VM_FIELD_(config, field, struct vm_strings)
#define VM_GROUPS(config, field, table, entry)                                                     \
	.type = VM_OPTION_GROUPS, .group = (table), .group_size = sizeof(entry),                       \
	VM_FIELD_(config, field, struct vm_groups)
#endif

#ifdef __cplusplus
}
#endif

#endif
