/* fuzz_http.c - any request, as the routes see it: one answer, well formed, and nothing let in. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <strings.h>

#include "fuzz/fuzz.h"
#include "stand_in_http.h"
#include "support/log.h"
#include "world.h"

enum { TEXT_MAX = 16384, BODY_PIECE = 7 };

/* METHOD, target, headers, an empty line and the body; {names} are those of a world. */
struct asking {
	char text[TEXT_MAX], body[TEXT_MAX], length[32];
	struct stand_in_request request;
};

static void add_value(struct stand_in_request *request, enum MHD_ValueKind kind, const char *name,
                      const char *value)
{
	if (request->n_values < STAND_IN_VALUES_MAX)
		request->values[request->n_values++] = (struct stand_in_value){kind, name, value};
}

/* "a=b&c" behind the question mark, each part with its %XX undone, as the library does. */
static void split_target(struct stand_in_request *request, char *target)
{
	char *query = strchr(target, '?');

	if (query != NULL)
		*query++ = '\0';
	MHD_http_unescape(target);
	request->path = target;
	while (query != NULL) {
		char *name = strsep(&query, "&");
		char *value = strchr(name, '=');

		if (value != NULL) {
			*value++ = '\0';
			MHD_http_unescape(value);
		}
		MHD_http_unescape(name);
		add_value(request, MHD_GET_ARGUMENT_KIND, name, value);
	}
}

/* The length of a body is what came: the library sees to that. */
static void add_header(struct stand_in_request *request, char *line)
{
	char *value = strchr(line, ':');

	if (value == NULL || value == line)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(line, "Content-Length") != 0)
		add_value(request, MHD_HEADER_KIND, line, value);
}

static bool read_input(const struct world *world, const uint8_t *bytes, size_t length,
                       struct asking *out)
{
	char *copy = strndup((const char *)bytes, length), *next, *body, *line;
	struct stand_in_request *request = &out->request;

	*request = (struct stand_in_request){.piece = BODY_PIECE};
	fuzz_expect(copy != NULL);
	body = strstr(copy, "\n\n");
	if (body != NULL)
		*body = '\0';
	snprintf(out->body, sizeof out->body, "%s", body != NULL ? body + 2 : "");
	world_fill(world, copy, out->text, sizeof out->text);
	free(copy);
	next = out->text;
	line = strsep(&next, "\n");
	request->method = strsep(&line, " ");
	if (line == NULL || line[0] != '/')
		return false;
	split_target(request, line);
	while (next != NULL)
		add_header(request, strsep(&next, "\n"));
	request->body = out->body;
	request->length = strlen(out->body);
	snprintf(out->length, sizeof out->length, "%zu", request->length);
	if (request->length > 0)
		add_value(request, MHD_HEADER_KIND, "Content-Length", out->length);
	return true;
}

static const char *value_of(const struct stand_in_request *request, enum MHD_ValueKind kind,
                            const char *name)
{
	for (size_t i = 0; i < request->n_values; i++)
		if (request->values[i].kind == kind && strcasecmp(request->values[i].name, name) == 0)
			return request->values[i].value;
	return NULL;
}

/* RFC 9457, in one line for people. */
static void expect_problem(const struct stand_in_answer *answer)
{
	json_t *json = json_loadb(answer->text, answer->length, 0, NULL);

	fuzz_expect(json_is_object(json));
	fuzz_expect(json_integer_value(json_object_get(json, "status")) == (json_int_t)answer->status);
	fuzz_expect_line(json_string_value(json_object_get(json, "title")));
	fuzz_expect_line(json_string_value(json_object_get(json, "detail")));
	json_decref(json);
}

static void expect_answer(const struct stand_in_request *request,
                          const struct stand_in_answer *answer)
{
	const char *type = stand_in_header(answer, "Content-Type");

	fuzz_expect(answer->status >= 200 && answer->status < 600);
	if (answer->early) {
		fuzz_expect(answer->status >= 400);
		expect_problem(answer);
		return;
	}
	fuzz_expect(strcmp(stand_in_header(answer, "X-Content-Type-Options"), "nosniff") == 0);
	if (strcmp(request->path, "/readyz") == 0)
		return; /* not ready: the sweeper has not run */
	/* The fakes never fail: a 5xx would be the server's own doing. */
	fuzz_expect(answer->status < 500);
	if (answer->status >= 400) {
		fuzz_expect(type != NULL && strcmp(type, "application/problem+json") == 0);
		expect_problem(answer);
	} else if (type != NULL && strcmp(type, "application/json") == 0) {
		json_t *json = json_loadb(answer->text, answer->length, 0, NULL);

		fuzz_expect(json != NULL);
		json_decref(json);
	}
}

/* Who holds neither the token nor a signature gets nothing and changes nothing. */
static void expect_closed(const struct world *world, const struct stand_in_request *request,
                          const struct stand_in_answer *answer)
{
	const char *token = value_of(request, MHD_HEADER_KIND, "Authorization");
	const char *signature = value_of(request, MHD_GET_ARGUMENT_KIND, "signature");
	bool signed_by_us = false;

	if (answer->status >= 300 || strcmp(request->path, "/healthz") == 0 ||
	    strcmp(request->path, "/readyz") == 0)
		return;
	for (size_t i = 0; i < world->count; i++)
		signed_by_us |= signature != NULL && strlen(signature) == 64 &&
		                strstr(world->names[i].text, signature) != NULL;
	if (strncmp(request->path, "/v1/uploads/", 12) == 0)
		fuzz_expect(signed_by_us);
	else
		fuzz_expect(token != NULL && strncasecmp(token, "Bearer ", 7) == 0 &&
		            strcmp(token + 7, "alpha") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct world world;
	static struct asking asking;
	struct stand_in_answer answer;

	if (length > TEXT_MAX / 4)
		return 0;
	log_setup(VM_LOG_ERROR, LOG_TEXT);
	world_create(&world);
	world.fake.http->stopping = true; /* a stream of events would wait */
	if (read_input(&world, bytes, length, &asking)) {
		stand_in_ask(&asking.request, &answer);
		expect_answer(&asking.request, &answer);
		expect_closed(&world, &asking.request, &answer);
		fuzz_expect(strstr(answer.text, world.fake.http->upload_key) == NULL ||
		            memmem(bytes, length, world.fake.http->upload_key, 8) != NULL); /* guessed */
		stand_in_finish(&answer);
	}
	world_destroy(&world);
	return 0;
}
