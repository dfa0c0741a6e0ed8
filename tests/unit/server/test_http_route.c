/* test_http_route.c - paths and methods against the table. */
#include "run.h"

#include <string.h>

#include "server/http_route.h"

START_TEST(values_are_cut_out_of_the_path)
{
	struct route_match match;

	route_find("GET", "/v1/videos/abc/outputs/web/720p/segment-00001.m4s", &match);
	ck_assert_ptr_nonnull(match.route);
	ck_assert_str_eq(match.route->pattern, "/v1/videos/{video}/outputs/{name}");
	ck_assert_str_eq(match.value, "abc");
	ck_assert_str_eq(match.name, "web/720p/segment-00001.m4s");
}
END_TEST

START_TEST(a_head_goes_where_a_get_goes)
{
	struct route_match match;

	route_find("HEAD", "/v1/videos/abc", &match);
	ck_assert_ptr_nonnull(match.route);
	ck_assert_str_eq(match.route->method, "GET");
}
END_TEST

START_TEST(a_wrong_method_learns_the_right_ones)
{
	struct route_match match;

	route_find("PATCH", "/v1/videos/abc", &match);
	ck_assert_ptr_null(match.route);
	ck_assert_str_eq(match.allow, "GET, HEAD, DELETE");
	route_find("GET", "/v1/uploads/abc", &match);
	ck_assert_str_eq(match.allow, "PUT");
}
END_TEST

START_TEST(other_paths_are_not_there)
{
	static const char *const paths[] = {
	    "",          "/v1",           "/v1/videos/",           "/v1/videos//",
	    "/v1/video", "/v1/videos/a/", "/v1/videos/a/outputs/", "/v1/videos/a/retry/b",
	    "/metrics/", "/v1/videosx",   "//v1/videos",           "/v1/videos/a/nothing"};
	char longest[400] = "/v1/videos/";
	struct route_match match;

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		route_find("GET", paths[i], &match);
		ck_assert_msg(match.route == NULL && match.allow[0] == '\0', "%s", paths[i]);
	}
	memset(longest + strlen(longest), 'a', 300);
	route_find("GET", longest, &match);
	ck_assert(match.route == NULL && match.allow[0] == '\0');
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("http_route");

	tcase_add_test(tests, values_are_cut_out_of_the_path);
	tcase_add_test(tests, a_head_goes_where_a_get_goes);
	tcase_add_test(tests, a_wrong_method_learns_the_right_ones);
	tcase_add_test(tests, other_paths_are_not_there);
	return run_tests(tests, "http_route");
}
