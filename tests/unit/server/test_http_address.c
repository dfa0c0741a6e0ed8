/* test_http_address.c - where the API listens. */
#include "run.h"

#include <string.h>
#include <unistd.h>

#include "server/http_address.h"

START_TEST(port_zero_takes_a_free_one)
{
	char url[128];
	struct vm_error err;
	int socket = -1;
	unsigned port = 0;

	ck_assert_msg(address_listen("127.0.0.1:0", &socket, url, sizeof url, &err) == VM_OK, "%s",
	              err.message);
	ck_assert_int_eq(sscanf(url, "http://127.0.0.1:%u", &port), 1);
	ck_assert_uint_gt(port, 0);
	close(socket);
}
END_TEST

START_TEST(names_and_ipv6_are_addresses)
{
	static const char *const good[] = {"localhost:0", "[::1]:0"};
	char url[128];
	struct vm_error err;
	int socket = -1;

	for (size_t i = 0; i < 2; i++) {
		ck_assert_msg(address_listen(good[i], &socket, url, sizeof url, &err) == VM_OK, "%s",
		              err.message);
		ck_assert_int_eq(strncmp(url + 7, good[i], strlen(good[i]) - 1), 0);
		close(socket);
	}
}
END_TEST

START_TEST(loopback_is_known)
{
	static const struct {
		const char *listen;
		bool is_loopback;
	} cases[] = {{"127.0.0.1:0", true}, {"127.8.9.1:0", true}, {"[::1]:0", true},
	             {"localhost:0", true}, {"0.0.0.0:0", false},  {"[::]:0", false}};
	char url[128];
	struct vm_error err;
	int socket = -1;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert_int_eq(address_listen(cases[i].listen, &socket, url, sizeof url, &err), VM_OK);
		ck_assert_msg(address_is_loopback(socket) == cases[i].is_loopback, "%s", cases[i].listen);
		close(socket);
	}
}
END_TEST

START_TEST(a_port_in_use_is_named)
{
	char url[128], second[128], listen[128];
	struct vm_error err;
	int socket = -1, other = -1;

	ck_assert_int_eq(address_listen("127.0.0.1:0", &socket, url, sizeof url, &err), VM_OK);
	snprintf(listen, sizeof listen, "%s", url + strlen("http://"));
	ck_assert_int_eq(address_listen(listen, &other, second, sizeof second, &err), VM_ERR_CONFIG);
	ck_assert_int_eq(other, -1);
	ck_assert_ptr_nonnull(strstr(err.message, listen));
	ck_assert_ptr_nonnull(strstr(err.message, "another program"));
	close(socket);
}
END_TEST

static const char *const wrong[] = {
    "",      "8080",  ":8080",        "127.0.0.1",  "127.0.0.1:", "::1:8080",
    "[::1]", "[]:80", "1.2.3.4:http", "1.2.3.4:-1", "[::1:8080",  "1.2.3.4:99999999"};

START_TEST(what_is_no_address_is_quoted)
{
	char url[128];
	struct vm_error err;
	int socket;

	ck_assert_int_eq(address_listen(wrong[_i], &socket, url, sizeof url, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "server.listen: "));
	ck_assert_ptr_nonnull(strstr(err.message, wrong[_i]));
}
END_TEST

START_TEST(an_address_of_another_machine_is_refused)
{
	char url[128];
	struct vm_error err;
	int socket;

	ck_assert_int_eq(address_listen("192.0.2.1:0", &socket, url, sizeof url, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "this machine has no such address"));
	ck_assert_int_eq(address_listen("127.0.0.1:70000", &socket, url, sizeof url, &err),
	                 VM_ERR_CONFIG);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("http_address");

	tcase_add_test(tests, port_zero_takes_a_free_one);
	tcase_add_test(tests, names_and_ipv6_are_addresses);
	tcase_add_test(tests, loopback_is_known);
	tcase_add_test(tests, a_port_in_use_is_named);
	tcase_add_loop_test(tests, what_is_no_address_is_quoted, 0,
	                    (int)(sizeof wrong / sizeof wrong[0]));
	tcase_add_test(tests, an_address_of_another_machine_is_refused);
	return run_tests(tests, "http_address");
}
