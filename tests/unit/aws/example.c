/* example.c - reads an example: the request as a server would, folded headers and all. */
#include "example.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILE_MOST (64 << 10)

char *example_text(const struct example *example, const char *file)
{
	char path[2048], *text = calloc(1, FILE_MOST + 1);
	size_t length;
	FILE *in;

	snprintf(path, sizeof path, "%s/%s", example->folder, file);
	in = fopen(path, "r");
	if (in == NULL || text == NULL) {
		free(text);
		return NULL;
	}
	length = fread(text, 1, FILE_MOST, in);
	fclose(in);
	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	return text;
}

/* "2015-08-30T12:36:00Z" */
static int64_t seconds_of(const char *text)
{
	struct tm parts = {0};

	return strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts) != NULL ? (int64_t)timegm(&parts) : 0;
}

static bool read_context(struct example *example)
{
	char *text = example_text(example, "context.json");
	json_t *root = text != NULL ? json_loads(text, 0, NULL) : NULL;
	const char *id, *secret, *token = "", *region, *service, *timestamp;
	int expires, normalize, sign_body, omit_token = 0;
	bool read = json_unpack(root, "{s:{s:s, s:s, s?s}, s:i, s:b, s:s, s:s, s:b, s:s, s?b}",
	                        "credentials", "access_key_id", &id, "secret_access_key", &secret,
	                        "token", &token, "expiration_in_seconds", &expires, "normalize",
	                        &normalize, "region", &region, "service", &service, "sign_body",
	                        &sign_body, "timestamp", &timestamp, "omit_session_token",
	                        &omit_token) == 0;

	if (read) {
		snprintf(example->keys.id, sizeof example->keys.id, "%s", id);
		snprintf(example->keys.secret, sizeof example->keys.secret, "%s", secret);
		snprintf(example->keys.token, sizeof example->keys.token, "%s", token);
		snprintf(example->region, sizeof example->region, "%s", region);
		snprintf(example->service, sizeof example->service, "%s", service);
		example->expires_s = (uint64_t)expires;
		example->sign_body = sign_body != 0;
		example->signer = (struct aws_signer){.keys = &example->keys,
		                                      .region = example->region,
		                                      .service = example->service,
		                                      .now_s = seconds_of(timestamp),
		                                      .path_as_is = normalize == 0,
		                                      .token_unsigned = omit_token != 0};
	}
	json_decref(root);
	free(text);
	return read;
}

/* "%41" becomes "A", in place. */
static void decode(char *text)
{
	char *out = text;

	for (; *text != '\0'; text++) {
		unsigned code;

		if (*text == '%' && sscanf(text + 1, "%2x", &code) == 1) {
			*out++ = (char)code;
			text += 2;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
}

static bool read_query(struct example *example, char *text)
{
	bool read = true;
	char *rest = text;

	while (read && rest != NULL && *rest != '\0') {
		char *pair = strsep(&rest, "&"), *name = strsep(&pair, "=");

		decode(name);
		if (pair != NULL)
			decode(pair);
		read = aws_query_add(&example->query, name, pair != NULL ? pair : "", NULL) == VM_OK;
	}
	return read;
}

/*
 * "GET /a path?a=b HTTP/1.1". The suite encodes the path once: before it is signed as it is, or,
 * as a tidied one is always encoded by us, while it is signed.
 */
static bool read_first_line(struct example *example, char *line)
{
	char *target = strchr(line, ' '), *end = strrchr(line, ' '), *query;

	if (target == NULL || end == target)
		return false;
	*target++ = '\0';
	*end = '\0';
	snprintf(example->method, sizeof example->method, "%s", line);
	query = strchr(target, '?');
	if (query != NULL)
		*query++ = '\0';
	kit_buffer_init(&example->path, SIZE_MAX / 2);
	return (example->signer.path_as_is
	            ? aws_encode(&example->path, target, strlen(target), true, NULL)
	            : kit_buffer_print(&example->path, NULL, "%s", target)) == VM_OK &&
	       read_query(example, query);
}

/* A line that begins with a blank goes on with the one before. (RFC 9112, 5.2) */
static bool read_headers(struct example *example, char **rest)
{
	bool read = true;

	while (read && *rest != NULL && **rest != '\0' && **rest != '\n') {
		char *line = strsep(rest, "\n"), *value;

		while (*rest != NULL && **rest == ' ') {
			(*rest)[-1] = ' ';
			strsep(rest, "\n");
		}
		value = strchr(line, ':');
		read = value != NULL &&
		       http_headers_add_bytes(&example->headers, NULL, line, (size_t)(value - line),
		                              value + 1, strlen(value + 1)) == VM_OK;
	}
	return read;
}

bool example_read(struct example *example, const char *folder)
{
	char *text, *rest, *line;
	bool read;

	snprintf(example->folder, sizeof example->folder, "%s", folder);
	text = example_text(example, "request.txt");
	rest = text;
	if (text == NULL || !read_context(example)) {
		free(text);
		return false;
	}
	line = strsep(&rest, "\n");
	read = read_first_line(example, line) && read_headers(example, &rest);
	/* Behind the empty line is the body. */
	rest = rest != NULL && *rest == '\n' ? rest + 1 : NULL;
	read = read && aws_hash(rest, rest != NULL ? strlen(rest) : 0, example->hash, NULL) == VM_OK;
	free(text);
	return read;
}

void example_finish(struct example *example)
{
	kit_buffer_finish(&example->path);
	aws_query_finish(&example->query);
	http_headers_finish(&example->headers);
	aws_keys_wipe(&example->keys);
}
