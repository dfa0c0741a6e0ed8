/* test_upload_url.c - signed upload URLs: nothing about one may be changed. */
#include "run.h"

#include <string.h>

#include "server/upload_url.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define VIDEO "00112233445566778899aabbccddeeff"
#define OTHER "ffeeddccbbaa99887766554433221100"

/* The values of expires, bytes and signature in a URL. */
struct query {
	char expires[32], bytes[32], signature[80];
};

static struct query write_url(int64_t expires_ms, uint64_t bytes)
{
	struct upload_url upload = {.video = VIDEO, .expires_ms = expires_ms, .bytes = bytes};
	struct query query;
	char url[UPLOAD_URL_MAX];
	struct vm_error err;

	ck_assert_int_eq(upload_url_write(KEY, "http://here", &upload, url, &err), VM_OK);
	ck_assert_int_eq(
	    sscanf(url, "http://here/v1/uploads/" VIDEO "?expires=%31[^&]&bytes=%31[^&]&signature=%79s",
	           query.expires, query.bytes, query.signature),
	    3);
	return query;
}

static int check(const char *key, const char *video, const struct query *query, int64_t now_ms,
                 struct upload_url *out, struct vm_error *err)
{
	return upload_url_check(key, video, query->expires, query->bytes, query->signature, now_ms, out,
	                        err);
}

START_TEST(a_url_tells_what_was_signed)
{
	struct query query = write_url(1700000000500, 1234);
	struct upload_url upload;
	struct vm_error err;

	ck_assert_int_eq(check(KEY, VIDEO, &query, 1700000000999, &upload, &err), VM_OK);
	ck_assert_str_eq(upload.video, VIDEO);
	ck_assert_uint_eq(upload.bytes, 1234);
	ck_assert_int_eq(upload.expires_ms, 1700000001000);
}
END_TEST

START_TEST(it_expires)
{
	struct query query = write_url(1700000000000, 0);
	struct upload_url upload;
	struct vm_error err;

	ck_assert_int_eq(check(KEY, VIDEO, &query, 1700000000000, &upload, &err), VM_OK);
	ck_assert_int_eq(check(KEY, VIDEO, &query, 1700000000001, &upload, &err), VM_ERR_DENIED);
	ck_assert_ptr_nonnull(strstr(err.message, "expired"));
}
END_TEST

START_TEST(nothing_of_it_can_be_changed)
{
	const struct query good = write_url(1700000000000, 10);
	struct upload_url upload;
	struct query query;
	struct vm_error err;

	ck_assert_int_eq(check(KEY, OTHER, &good, 0, &upload, &err), VM_ERR_DENIED);
	ck_assert_int_eq(check("another key of the same length..", VIDEO, &good, 0, &upload, &err),
	                 VM_ERR_DENIED);
	query = good;
	query.expires[9]++;
	ck_assert_int_eq(check(KEY, VIDEO, &query, 0, &upload, &err), VM_ERR_DENIED);
	query = good;
	snprintf(query.bytes, sizeof query.bytes, "100");
	ck_assert_int_eq(check(KEY, VIDEO, &query, 0, &upload, &err), VM_ERR_DENIED);
	query = good;
	query.signature[63] = query.signature[63] == '0' ? '1' : '0';
	ck_assert_int_eq(check(KEY, VIDEO, &query, 0, &upload, &err), VM_ERR_DENIED);
	query.signature[63] = '\0';
	ck_assert_int_eq(check(KEY, VIDEO, &query, 0, &upload, &err), VM_ERR_DENIED);
}
END_TEST

START_TEST(a_number_is_written_in_one_way_only)
{
	static const char *const wrong[] = {"", "-1", "+5", " 5", "05", "5x", "99999999999999999999"};
	struct query query = write_url(5000, 5);
	struct upload_url upload;
	struct vm_error err;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		ck_assert_int_eq(
		    upload_url_check(KEY, VIDEO, wrong[i], "5", query.signature, 0, &upload, &err),
		    VM_ERR_DENIED);
		ck_assert_int_eq(
		    upload_url_check(KEY, VIDEO, "5", wrong[i], query.signature, 0, &upload, &err),
		    VM_ERR_DENIED);
	}
	ck_assert_int_eq(upload_url_check(KEY, VIDEO, NULL, NULL, NULL, 0, &upload, &err),
	                 VM_ERR_DENIED);
	ck_assert_int_eq(check(KEY, "../../etc", &query, 0, &upload, &err), VM_ERR_DENIED);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("upload_url");

	tcase_add_test(tests, a_url_tells_what_was_signed);
	tcase_add_test(tests, it_expires);
	tcase_add_test(tests, nothing_of_it_can_be_changed);
	tcase_add_test(tests, a_number_is_written_in_one_way_only);
	return run_tests(tests, "upload_url");
}
