/* canonical.c - a request in the one form in which both sides sign it. */
#include <stdlib.h>
#include <string.h>

#include "aws/sign.h"

/* What a proxy or the library below may add or change, and what carries the signature. */
static const char *const unsigned_names[] = {
    "authorization",
    "connection",
    "expect",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "user-agent",
    "keep-alive",
    "from",
    "x-amzn-trace-id",
    "cache-control",
    "max-forwards",
    "pragma",
    "proxy-authorization",
    "proxy-authenticate",
};

static bool is_signed(const char *name)
{
	for (size_t i = 0; i < sizeof unsigned_names / sizeof *unsigned_names; i++)
		if (strcmp(name, unsigned_names[i]) == 0)
			return false;
	return true;
}

static int by_name(const void *left, const void *right)
{
	const struct http_header *a = *(const struct http_header *const *)left;
	const struct http_header *b = *(const struct http_header *const *)right;
	int order = strcmp(a->name, b->name);

	/* Those of one name stay in their order; they lie in one array. */
	return order != 0 ? order : (a > b) - (a < b);
}

/* Blanks at both ends are dropped, and of several between only one is left. */
static int write_value(struct kit_buffer *out, const char *value, struct vm_error *err)
{
	int status = VM_OK;
	bool blank = false, begun = false;

	for (; *value != '\0' && status == VM_OK; value++) {
		if (*value == ' ' || *value == '\t') {
			blank = true;
			continue;
		}
		if (blank && begun)
			status = kit_buffer_append(out, " ", 1, err);
		blank = false;
		begun = true;
		if (status == VM_OK)
			status = kit_buffer_append(out, value, 1, err);
	}
	return status;
}

static int write_sorted(const struct http_header *const *sorted, size_t count,
                        struct kit_buffer *out, struct kit_buffer *names, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < count && status == VM_OK; i++) {
		bool again = i > 0 && strcmp(sorted[i]->name, sorted[i - 1]->name) == 0;

		status = again ? kit_buffer_print(out, err, ",")
		               : kit_buffer_print(out, err, "%s%s:", i > 0 ? "\n" : "", sorted[i]->name);
		if (status == VM_OK)
			status = write_value(out, sorted[i]->value, err);
		if (status == VM_OK && !again)
			status = kit_buffer_print(names, err, "%s%s", i > 0 ? ";" : "", sorted[i]->name);
	}
	return status;
}

int aws_canonical_headers(const struct http_headers *headers, struct kit_buffer *out,
                          struct kit_buffer *signed_names, struct vm_error *err)
{
	const struct http_header **sorted = calloc(headers->count + 1, sizeof *sorted);
	size_t count = 0;
	int status;

	if (sorted == NULL)
		return vm_fail_memory(err);
	for (size_t i = 0; i < headers->count; i++)
		if (is_signed(headers->items[i].name))
			sorted[count++] = &headers->items[i];
	qsort(sorted, count, sizeof *sorted, by_name);
	status = write_sorted(sorted, count, out, signed_names, err);
	free(sorted);
	return status;
}

/* Where the segment before `length` begins. */
static size_t parent_end(const char *path, size_t length)
{
	while (length > 0 && path[length - 1] != '/')
		length--;
	return length > 0 ? length - 1 : 0;
}

/* RFC 3986, 5.2.4, with several slashes taken as one. */
static int write_tidy_path(struct kit_buffer *out, const char *path, struct vm_error *err)
{
	size_t length = 0, at = 0;
	char *tidy = malloc(strlen(path) + 2);
	int status;

	if (tidy == NULL)
		return vm_fail_memory(err);
	while (path[at] != '\0') {
		size_t segment = strcspn(path + at, "/");

		if (segment == 2 && memcmp(path + at, "..", 2) == 0) {
			length = parent_end(tidy, length);
		} else if (segment > 0 && !(segment == 1 && path[at] == '.')) {
			tidy[length++] = '/';
			memcpy(tidy + length, path + at, segment);
			length += segment;
		}
		at += segment;
		at += path[at] == '/' ? 1 : 0;
	}
	if (length == 0 || (at > 0 && path[at - 1] == '/'))
		tidy[length++] = '/';
	status = aws_encode(out, tidy, length, true, err);
	free(tidy);
	return status;
}

int aws_canonical_request(const struct aws_signer *signer, const struct aws_signed *what,
                          struct kit_buffer *out, struct kit_buffer *signed_names,
                          struct vm_error *err)
{
	int status;

	if ((status = kit_buffer_print(out, err, "%s\n", what->method)) != VM_OK)
		return status;
	status = signer->path_as_is ? kit_buffer_print(out, err, "%s", what->path)
	                            : write_tidy_path(out, what->path, err);
	if (status != VM_OK || (status = kit_buffer_append(out, "\n", 1, err)) != VM_OK ||
	    (status = aws_query_write(what->query, out, err)) != VM_OK ||
	    (status = kit_buffer_append(out, "\n", 1, err)) != VM_OK ||
	    (status = aws_canonical_headers(what->headers, out, signed_names, err)) != VM_OK)
		return status;
	return kit_buffer_print(out, err, "\n\n%s\n%s", signed_names->bytes, what->payload_hash);
}
