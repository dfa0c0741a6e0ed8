/* test_protocol.c - frames written and read again, and every way to write them wrongly. */
#include "worker/protocol.h"

#include <string.h>

#include "run.h"

static size_t write_frame(const struct message *message, unsigned char *bytes)
{
	size_t head = message_write(message, bytes);

	if (message->n_data > 0)
		memcpy(bytes + head, message->data, message->n_data);
	return head + message->n_data;
}

static int read_frame(enum frame_sender sender, const unsigned char *bytes, size_t length,
                      struct message *out, struct vm_error *err)
{
	struct frame_header header;
	int status = frame_read_header(sender, bytes, &header, err);

	if (status != VM_OK)
		return status;
	ck_assert_uint_eq(header.length, length - FRAME_HEADER_BYTES);
	return message_read(&header, bytes + FRAME_HEADER_BYTES, out, err);
}

START_TEST(every_message_is_read_as_it_was_written)
{
	static const enum message_type types[] = {
	    MESSAGE_PROBE,    MESSAGE_RUN,     MESSAGE_VERIFY, MESSAGE_CANCEL,
	    MESSAGE_QUIT,     MESSAGE_REPLY,   MESSAGE_HELLO,  MESSAGE_DONE,
	    MESSAGE_PROGRESS, MESSAGE_LOG,     MESSAGE_READ,   MESSAGE_OPEN,
	    MESSAGE_WRITE,    MESSAGE_REWRITE, MESSAGE_CLOSE,  MESSAGE_REPORT};
	unsigned char first[4096], second[4096];

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		enum frame_sender sender = types[i] <= MESSAGE_REPLY ? FRAME_FROM_WORKER : FRAME_FROM_CHILD;
		bool has_data = types[i] == MESSAGE_REPLY || types[i] == MESSAGE_WRITE ||
		                types[i] == MESSAGE_REWRITE || types[i] == MESSAGE_REPORT;
		struct message in = {.type = types[i],
		                     .request = 0xFEDCBA98u,
		                     .source_bytes = UINT64_MAX,
		                     .source_ms = 1,
		                     .threads = 4,
		                     .output = 7,
		                     .offset = UINT64_C(1) << 40,
		                     .length = FRAME_DATA_MAX,
		                     .head_bytes = 4096,
		                     .done = 2,
		                     .total = 3,
		                     .level = VM_LOG_WARNING,
		                     .status = VM_ERR_LIMIT,
		                     .native = UINT32_MAX,
		                     .retry_after_ms = 250,
		                     .name = "720p/init.mp4",
		                     .content_type = "video/mp4",
		                     .text = "na\xC3\xAFve \"words\" \\ here",
		                     .data = has_data ? "bytes" : NULL,
		                     .n_data = has_data ? 5 : 0};
		struct message out;
		size_t length = write_frame(&in, first);

		ck_assert_int_eq(read_frame(sender, first, length, &out, NULL), VM_OK);
		ck_assert_int_eq(out.type, in.type);
		ck_assert_uint_eq(out.request, in.request);
		ck_assert_uint_eq(out.n_data, in.n_data);
		ck_assert_uint_eq(write_frame(&out, second), length);
		ck_assert_mem_eq(first, second, length);
		ck_assert_str_ne(message_type_name(types[i]), "unknown");
	}
}
END_TEST

START_TEST(a_frame_of_the_other_side_is_refused)
{
	struct message read = {.type = MESSAGE_READ}, run = {.type = MESSAGE_RUN, .threads = 1}, out;
	unsigned char bytes[4096];
	size_t length = write_frame(&read, bytes);

	ck_assert_int_eq(read_frame(FRAME_FROM_WORKER, bytes, length, &out, NULL), VM_ERR_BAD_DATA);
	length = write_frame(&run, bytes);
	ck_assert_int_eq(read_frame(FRAME_FROM_CHILD, bytes, length, &out, NULL), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(a_length_beyond_what_the_type_can_have_is_refused_before_memory_is_taken)
{
	struct message read = {.type = MESSAGE_READ}, write = {.type = MESSAGE_WRITE};
	struct frame_header header;
	struct vm_error error;
	unsigned char bytes[4096];

	write_frame(&read, bytes);
	bytes[12] = 17; /* two numbers have 16 bytes */
	ck_assert_int_eq(frame_read_header(FRAME_FROM_CHILD, bytes, &header, &error), VM_ERR_BAD_DATA);
	ck_assert_str_eq(error.message, "a read of 17 bytes, where 16 are the most");
	write_frame(&write, bytes);
	memcpy(bytes + 12, "\x08\x00\x10\x00", 4); /* 1 MiB and the output's number */
	ck_assert_int_eq(frame_read_header(FRAME_FROM_CHILD, bytes, &header, NULL), VM_OK);
	memcpy(bytes + 12, "\x09\x00\x10\x00", 4);
	ck_assert_int_eq(frame_read_header(FRAME_FROM_CHILD, bytes, &header, NULL), VM_ERR_BAD_DATA);
	memcpy(bytes + 12, "\xFF\xFF\xFF\xFF", 4);
	ck_assert_int_eq(frame_read_header(FRAME_FROM_CHILD, bytes, &header, NULL), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(a_frame_that_is_cut_anywhere_is_refused)
{
	struct message open = {.type = MESSAGE_OPEN, .name = "a.mp4", .content_type = "video/mp4"};
	struct frame_header header;
	struct message out;
	unsigned char bytes[4096];
	size_t length = write_frame(&open, bytes) - FRAME_HEADER_BYTES;

	ck_assert_int_eq(frame_read_header(FRAME_FROM_CHILD, bytes, &header, NULL), VM_OK);
	for (header.length = 0; header.length < length; header.length++)
		ck_assert_int_eq(message_read(&header, bytes + FRAME_HEADER_BYTES, &out, NULL),
		                 VM_ERR_BAD_DATA);
	header.length = length + 1; /* and one that goes on behind its end */
	ck_assert_int_eq(message_read(&header, bytes + FRAME_HEADER_BYTES, &out, NULL),
	                 VM_ERR_BAD_DATA);
}
END_TEST

static int read_with(struct message message)
{
	unsigned char bytes[4096];
	struct message out;
	size_t length = write_frame(&message, bytes);

	return read_frame(FRAME_FROM_CHILD, bytes, length, &out, NULL);
}

START_TEST(numbers_out_of_range_are_refused)
{
	ck_assert_int_eq(read_with((struct message){.type = MESSAGE_READ, .length = FRAME_DATA_MAX}),
	                 VM_OK);
	ck_assert_int_eq(
	    read_with((struct message){.type = MESSAGE_READ, .length = FRAME_DATA_MAX + 1}),
	    VM_ERR_BAD_DATA);
	ck_assert_int_eq(read_with((struct message){.type = MESSAGE_LOG, .level = 0}), VM_ERR_BAD_DATA);
	ck_assert_int_eq(read_with((struct message){.type = MESSAGE_LOG, .level = 5}), VM_ERR_BAD_DATA);
	ck_assert_int_eq(read_with((struct message){.type = MESSAGE_DONE, .status = VM_ERR_BUG + 1}),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(
	    read_with((struct message){.type = MESSAGE_CLOSE, .output = UINT64_C(1) << 32}),
	    VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(texts_that_a_terminal_would_obey_are_refused)
{
	static const char *const texts[] = {"a\nb",     "\x1b[2J",  "\x7f",         "\xC2\x9b",
	                                    "\xFF\xFE", "\xC0\x80", "\xE2\x80\xAE", "\xED\xA0\x80"};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct message log = {.type = MESSAGE_LOG, .level = VM_LOG_INFO};

		snprintf(log.text, sizeof log.text, "%s", texts[i]);
		ck_assert_int_eq(read_with(log), VM_ERR_BAD_DATA);
		message_copy_text(log.text, sizeof log.text, texts[i]);
		ck_assert_int_eq(read_with(log), VM_OK);
	}
}
END_TEST

START_TEST(a_nul_inside_a_text_is_refused)
{
	struct message log = {.type = MESSAGE_LOG, .level = VM_LOG_INFO, .text = "ab"}, out;
	unsigned char bytes[4096];
	size_t length = write_frame(&log, bytes);

	bytes[length - 2] = '\0';
	ck_assert_int_eq(read_frame(FRAME_FROM_CHILD, bytes, length, &out, NULL), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(a_copied_text_is_cut_between_characters)
{
	char text[8];

	message_copy_text(text, sizeof text, "12345\xC3\xA9");
	ck_assert_str_eq(text, "12345\xC3\xA9");
	message_copy_text(text, sizeof text, "123456\xC3\xA9");
	ck_assert_str_eq(text, "123456");
	message_copy_text(text, sizeof text, "123456\n");
	ck_assert_str_eq(text, "123456");
}
END_TEST

START_TEST(an_error_keeps_its_numbers_and_its_words)
{
	struct vm_error in, out;
	struct message message = {.type = MESSAGE_DONE};

	vm_fail(&in, VM_ERR_BAD_DATA, "moov");
	snprintf(in.message, sizeof in.message, "moov: cut\n"); /* not by vm_fail, which sees to it */
	in.native = -1094995529;
	in.retry_after_ms = 5;
	message_put_error(&message, VM_ERR_BAD_DATA, &in);
	ck_assert_int_eq(message_get_error(&message, &out), VM_ERR_BAD_DATA);
	ck_assert_int_eq(out.native, in.native);
	ck_assert_uint_eq(out.retry_after_ms, 5);
	ck_assert_str_eq(out.message, "moov: cut\\n");
	message_put_error(&message, 77, &in); /* no status at all */
	ck_assert_int_eq(message_get_error(&message, &out), VM_ERR_BUG);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("protocol");

	tcase_add_test(tests, every_message_is_read_as_it_was_written);
	tcase_add_test(tests, a_frame_of_the_other_side_is_refused);
	tcase_add_test(tests, a_length_beyond_what_the_type_can_have_is_refused_before_memory_is_taken);
	tcase_add_test(tests, a_frame_that_is_cut_anywhere_is_refused);
	tcase_add_test(tests, numbers_out_of_range_are_refused);
	tcase_add_test(tests, texts_that_a_terminal_would_obey_are_refused);
	tcase_add_test(tests, a_nul_inside_a_text_is_refused);
	tcase_add_test(tests, a_copied_text_is_cut_between_characters);
	tcase_add_test(tests, an_error_keeps_its_numbers_and_its_words);
	return run_tests(tests, "protocol");
}
