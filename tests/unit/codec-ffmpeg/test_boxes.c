/* test_boxes.c - the outermost boxes of a file, whole or not. */
#include "boxes.h"

#include <string.h>

#include "run.h"

struct memory {
	struct vm_source source;
	const uint8_t *bytes;
};

static int read_at(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                   size_t *got, const struct vm_call *call, struct vm_error *err)
{
	const struct memory *memory = (const struct memory *)source;
	uint64_t left = offset < source->bytes ? source->bytes - offset : 0;

	(void)call, (void)err;
	*got = length < left ? length : (size_t)left;
	memcpy(buffer, memory->bytes + source->bytes - left, *got);
	return VM_OK;
}

static int list(const char *bytes, size_t length, char *text, size_t size)
{
	struct memory memory = {{length, read_at}, (const uint8_t *)bytes};

	return boxes_list(&memory.source, text, size, NULL, NULL);
}

#define LIST(bytes) list(bytes, sizeof(bytes) - 1, text, sizeof text)

START_TEST(boxes_are_listed_in_their_order)
{
	char text[64];

	ck_assert_int_eq(LIST("\0\0\0\x0a"
	                      "ftypxx"
	                      "\0\0\0\x08"
	                      "moov"
	                      "\0\0\0\x09"
	                      "mdat!"),
	                 VM_OK);
	ck_assert_str_eq(text, "ftyp moov mdat");
	ck_assert_int_eq(LIST("\0\0\0\x08"
	                      "moof"
	                      "\0\0\0\x08"
	                      "moof"
	                      "\0\0\0\x08"
	                      "mdat"),
	                 VM_OK);
	ck_assert_str_eq(text, "moof mdat");
	ck_assert_int_eq(LIST("\0\0\0\x01"
	                      "mdat"
	                      "\0\0\0\0\0\0\0\x12"
	                      "xx"
	                      "\0\0\0\x08"
	                      "moov"),
	                 VM_OK);
	ck_assert_str_eq(text, "mdat moov");
	ck_assert_int_eq(LIST(""), VM_OK);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(boxes_that_do_not_fill_the_file_are_refused)
{
	char text[64];

	ck_assert_int_eq(LIST("\0\0\0\x09"
	                      "mdat"),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(LIST("\0\0\0\x07"
	                      "mdat"),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(LIST("\0\0\0\0"
	                      "mdat"),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(LIST("\0\0\0\x08"
	                      "mdat"
	                      "\0\0\0"),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(LIST("\0\0\0\x01"
	                      "mdat"
	                      "\xff\xff\xff\xff\xff\xff\xff\xff"),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(LIST("\0\0\0\x01"
	                      "mdat"
	                      "\0\0\0\0\0\0\0\x08"),
	                 VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(a_list_too_long_for_the_text_is_cut)
{
	char text[12];

	ck_assert_int_eq(LIST("\0\0\0\x08"
	                      "aaaa"
	                      "\0\0\0\x08"
	                      "bbbb"
	                      "\0\0\0\x08"
	                      "cccc"),
	                 VM_OK);
	ck_assert_str_eq(text, "aaaa bbbb");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("boxes");

	tcase_add_test(tests, boxes_are_listed_in_their_order);
	tcase_add_test(tests, boxes_that_do_not_fill_the_file_are_refused);
	tcase_add_test(tests, a_list_too_long_for_the_text_is_cut);
	return run_tests(tests, "boxes");
}
