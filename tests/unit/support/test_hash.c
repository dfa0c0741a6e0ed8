/* test_hash.c - the published examples of SHA-256 (FIPS 180-4) and HMAC (RFC 4231). */
#include "support/hash.h"

#include <string.h>

#include "run.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

START_TEST(bytes_have_the_published_hash)
{
	char text[HASH_TEXT_MAX];

	ck_assert_int_eq(hash_bytes("", 0, text, NULL), VM_OK);
	ck_assert_str_eq(text, EMPTY);
	ck_assert_int_eq(hash_bytes("abc", 3, text, NULL), VM_OK);
	ck_assert_str_eq(text, ABC);
}
END_TEST

START_TEST(a_stream_has_the_hash_of_its_bytes)
{
	char text[HASH_TEXT_MAX], chunk[1000];
	struct hash *hash;

	memset(chunk, 'a', sizeof chunk);
	ck_assert_int_eq(hash_create(&hash, NULL), VM_OK);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(hash_add(hash, chunk, sizeof chunk, NULL), VM_OK);
	ck_assert_int_eq(hash_text(hash, text, NULL), VM_OK);
	ck_assert_str_eq(text, MILLION_A);
	hash_destroy(hash);
	hash_destroy(NULL);
}
END_TEST

START_TEST(hmac_has_the_published_values)
{
	char text[HASH_TEXT_MAX], key[131];

	ck_assert_int_eq(hash_hmac("Jefe", 4, "what do ya want for nothing?", 28, text, NULL), VM_OK);
	ck_assert_str_eq(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	ck_assert_int_eq(hash_hmac(key, sizeof key,
	                           "Test Using Larger Than Block-Size Key - Hash Key First", 54, text,
	                           NULL),
	                 VM_OK);
	ck_assert_str_eq(text, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

START_TEST(texts_are_equal_or_not)
{
	ck_assert(hash_equal(ABC, ABC));
	ck_assert(!hash_equal(ABC, EMPTY));
	ck_assert(!hash_equal("ab", "abc"));
	ck_assert(!hash_equal("abc", "ab"));
	ck_assert(!hash_equal("abc", "abd"));
	ck_assert(hash_equal("", ""));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("hash");

	tcase_add_test(tests, bytes_have_the_published_hash);
	tcase_add_test(tests, a_stream_has_the_hash_of_its_bytes);
	tcase_add_test(tests, hmac_has_the_published_values);
	tcase_add_test(tests, texts_are_equal_or_not);
	return run_tests(tests, "hash");
}
