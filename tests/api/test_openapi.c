/* test_openapi.c - holds docs/openapi.json to the API: every path, every answer, every member. */
#include "run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "described.h"
#include "server/http_route.h"
#include "world.h"

#define EVIL "Origin: http://evil.example\r\n"
#define JSON "Content-Type: application/json\r\n"

/* The beginning of a stream is its answer; its first event is JSON. */
static void ask_stream(int port, const char *line, const char *headers, struct wire_answer *out)
{
	static char seen[65536];
	char head[2048];
	char *data;
	int socket = wire_connect(port);

	snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", line, headers);
	wire_send(socket, head, strlen(head));
	ck_assert(wire_wait(socket, "}\n\n", seen, sizeof seen));
	close(socket);
	*out = (struct wire_answer){
	    .status = (int)strtol(seen + 9, NULL, 10),
	    .head = strndup(seen, (size_t)(strstr(seen, "\r\n\r\n") - seen) + 2)};
	data = strstr(seen, "data: ") + strlen("data: ");
	out->body = strndup(data, (size_t)(strstr(data, "\n\n") - data));
	out->length = strlen(out->body);
}

START_TEST(every_answer_is_as_it_is_described)
{
	const struct api_case *item = &api_cases[_i];
	struct operation operation = find_operation(item->operation);
	char path[UPLOAD_URL_MAX], line[UPLOAD_URL_MAX + 16], headers[512], body[512];
	struct wire_answer got;
	struct world world;
	size_t length;

	world_create(&world);
	world_fill(&world, item->path, path, sizeof path);
	world_fill(&world, item->headers, headers, sizeof headers);
	world_fill(&world, item->body, body, sizeof body);
	length = strlen(headers);
	snprintf(headers + length, sizeof headers - length, "%s", WORLD_TOKEN);
	snprintf(line, sizeof line, "%s %s", operation.method, path);
	if (item->fault != NULL)
		fake_fail(item->fault, VM_ERR_NO_MEMORY, "it is down");
	if (item->status == 200 && strcmp(item->operation, "streamEvents") == 0)
		ask_stream(world.fake.port, line, headers, &got);
	else
		wire_ask(world.fake.port, line, headers, item->body != NULL ? body : NULL, &got);
	ck_assert_msg(got.status == item->status, "%s: %d instead of %d: %s", item->operation,
	              got.status, item->status, got.body);
	check_answer(&operation, &got);
	wire_free(&got);
	world_destroy(&world);
}
END_TEST

/* What the test asks of every operation by itself, below. */
static bool is_common(const struct operation *operation, int status)
{
	return status == 401 || (status == 403 && operation_has_status(operation, 401)) ||
	       (operation_takes_json(operation) && (status == 413 || status == 415));
}

static bool has_all_cases(void *ctx, const struct operation *operation)
{
	const char *text;
	json_t *answer;

	(void)ctx;
	json_object_foreach(json_object_get(operation->json, "responses"), text, answer)
	{
		int status = (int)strtol(text, NULL, 10);
		bool found = is_common(operation, status);

		for (size_t i = 0; i < n_api_cases; i++)
			found |= api_cases[i].status == status &&
			         strcmp(api_cases[i].operation, operation->id) == 0;
		ck_assert_msg(found, "nothing asks for %s of %s", text, operation->id);
	}
	return false;
}

START_TEST(every_described_answer_is_asked_for)
{
	each_operation(has_all_cases, NULL);
}
END_TEST

static bool is_route(const struct route *route, const struct operation *operation)
{
	return strcmp(route->method, operation->method) == 0 &&
	       strcmp(route->pattern, operation->path) == 0;
}

static bool is_described(void *ctx, const struct operation *operation)
{
	const struct route *route = ctx;
	bool is_open = json_array_size(json_object_get(operation->json, "security")) == 0 &&
	               json_object_get(operation->json, "security") != NULL;

	if (!is_route(route, operation))
		return false;
	ck_assert_msg(is_open == ((route->flags & ROUTE_OPEN) != 0), "%s: who may ask?", operation->id);
	ck_assert_msg(is_open != operation_has_status(operation, 401), "%s: 401?", operation->id);
	ck_assert_msg(operation_takes_json(operation) == (route->body == &body_json), "%s: its body?",
	              operation->id);
	return true;
}

static bool is_served(void *ctx, const struct operation *operation)
{
	(void)ctx;
	for (const struct route *route = http_routes; route->method != NULL; route++)
		if (is_route(route, operation))
			return false;
	ck_abort_msg("%s %s is described but not served", operation->method, operation->path);
}

START_TEST(the_document_and_the_routes_are_the_same)
{
	for (const struct route *route = http_routes; route->method != NULL; route++) {
		struct route copy = *route;

		ck_assert_msg(each_operation(is_described, &copy), "%s %s is not described", route->method,
		              route->pattern);
	}
	each_operation(is_served, NULL);
}
END_TEST

static void ask(const struct operation *operation, int port, const char *headers, const char *body,
                int status)
{
	const struct world names = {
	    .names = {{"{video}", WORLD_UNKNOWN}, {"{letter}", "x"}, {"{name}", "x"}}, .count = 3};
	struct wire_answer got;
	char path[256], line[300];

	world_fill(&names, operation->path, path, sizeof path);
	snprintf(line, sizeof line, "%s %s", operation->method, path);
	wire_ask(port, line, headers, body, &got);
	ck_assert_msg(got.status == status, "%s: %d instead of %d", operation->id, got.status, status);
	check_answer(operation, &got);
	wire_free(&got);
}

static bool refuse_strangers(void *ctx, const struct operation *operation)
{
	if (operation_has_status(operation, 401))
		ask(operation, *(int *)ctx, "", NULL, 401);
	return false;
}

static bool refuse_bodies(void *ctx, const struct operation *operation)
{
	static char large[70000];

	if (!operation_takes_json(operation))
		return false;
	memset(large, ' ', sizeof large - 1);
	ask(operation, *(int *)ctx, WORLD_TOKEN JSON, large, 413);
	ask(operation, *(int *)ctx, WORLD_TOKEN "Content-Type: text/plain\r\n", "{}", 415);
	return false;
}

static bool refuse_other_sites(void *ctx, const struct operation *operation)
{
	if (operation_has_status(operation, 401))
		ask(operation, *(int *)ctx, EVIL, NULL, 403);
	return false;
}

START_TEST(common_refusals_are_common)
{
	struct world world;
	struct fake open;

	world_create(&world);
	each_operation(refuse_strangers, &world.fake.port);
	each_operation(refuse_bodies, &world.fake.port);
	world_destroy(&world);
	fake_start(&open, &(struct fake_options){0});
	each_operation(refuse_other_sites, &open.port);
	fake_stop(&open);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("openapi");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, described_load, described_unload);
	tcase_add_test(tests, the_document_and_the_routes_are_the_same);
	tcase_add_test(tests, every_described_answer_is_asked_for);
	tcase_add_test(tests, common_refusals_are_common);
	tcase_add_loop_test(tests, every_answer_is_as_it_is_described, 0, (int)n_api_cases);
	return run_tests(tests, "openapi");
}
