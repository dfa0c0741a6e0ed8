/* json.h - reading and writing JSON by jansson, with errors that name the member. */
#ifndef SUPPORT_JSON_H
#define SUPPORT_JSON_H

#include <jansson.h>

#include <vidmill/status.h>

/*
 * A member that is absent or null gives the fallback; one of another type is
 * VM_ERR_BAD_DATA "member lease_ms: not an integer", and *out is left alone.
 */

/* One whole JSON object and nothing behind it; duplicate members are refused. */
int json_read_object(const char *text, size_t length, json_t **out, struct vm_error *err);

/* A copy into text[size]; a longer one is VM_ERR_BAD_DATA. Absent: "". */
int json_get_text(const json_t *object, const char *name, char *text, size_t size,
                  struct vm_error *err);
int json_get_int(const json_t *object, const char *name, int64_t fallback, int64_t *out,
                 struct vm_error *err);
/* Not negative. */
int json_get_count(const json_t *object, const char *name, uint64_t fallback, uint64_t *out,
                   struct vm_error *err);
int json_get_bool(const json_t *object, const char *name, bool fallback, bool *out,
                  struct vm_error *err);

/*
 * A string, also of a text that is no UTF-8 because a stranger wrote it or
 * because it was cut in the middle of a character: what is wrong in it becomes
 * escapes, and then it ends before `most` bytes. NULL: out of memory.
 */
json_t *json_text(const char *text, size_t most);

/* Compact text, to be freed by the caller with free(); NULL when out of memory. */
char *json_write(const json_t *value);

#endif
