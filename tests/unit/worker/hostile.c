/* hostile.c - codec children that speak the protocol wrongly, each in its own way. */
#include "hostile.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parts.h"
#include "worker/channel.h"

static struct channel channel;

static void send_message(struct message message)
{
	channel_send(&channel, &message, NULL);
}

static void send_raw(const void *bytes, size_t length)
{
	send(channel.fd, bytes, length, MSG_NOSIGNAL);
}

static struct message receive_message(void)
{
	struct pollfd wait = {.fd = channel.fd, .events = POLLIN};
	struct frame frame;
	bool complete = false;

	while (!complete) {
		poll(&wait, 1, -1);
		if (channel_receive(&channel, &frame, &complete, NULL) != VM_OK)
			_exit(1);
	}
	free(frame.payload);
	return frame.message;
}

static void hello(void)
{
	struct message message = {.type = MESSAGE_HELLO};

	memcpy(message.text, TEST_HASH, sizeof TEST_HASH);
	send_message(message);
}

/* In good order up to here; then the worker waits for `run` to be done. */
static struct message reach_run(void)
{
	struct message command;

	hello();
	command = receive_message();
	send_message((struct message){
	    .type = MESSAGE_REPORT, .request = 1, .data = "{\"duration_ms\":1}", .n_data = 17});
	receive_message();
	send_message((struct message){.type = MESSAGE_DONE, .request = command.request});
	return receive_message();
}

static uint64_t open_number(uint32_t request, const char *name)
{
	struct message open = {.type = MESSAGE_OPEN, .request = request, .head_bytes = 16};

	snprintf(open.name, sizeof open.name, "%s", name);
	send_message(open);
	return receive_message().output;
}

static void garbage(int descriptor)
{
	(void)descriptor;
	send_raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 37);
}

static void garbage_behind_hello(int descriptor)
{
	(void)descriptor;
	hello();
	send_raw("0123456789abcdef0123456789abcdef", 32);
}

static void huge_length(int descriptor)
{
	unsigned char header[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX];
	const struct message report = {.type = MESSAGE_REPORT, .request = 1};

	(void)descriptor;
	hello();
	receive_message();
	message_write(&report, header);
	memset(header + 12, 0xFF, 4);
	send_raw(header, FRAME_HEADER_BYTES);
}

static void unknown_type(int descriptor)
{
	unsigned char header[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX];
	const struct message quit = {.type = MESSAGE_QUIT};

	(void)descriptor;
	message_write(&quit, header);
	header[4] = 200;
	send_raw(header, FRAME_HEADER_BYTES);
}

static void workers_words(int descriptor)
{
	(void)descriptor;
	hello();
	receive_message();
	send_message((struct message){.type = MESSAGE_REPLY, .request = 1});
}

static void done_unasked(int descriptor)
{
	(void)descriptor;
	send_message((struct message){.type = MESSAGE_DONE});
}

static void done_of_another(int descriptor)
{
	(void)descriptor;
	hello();
	receive_message();
	send_message((struct message){.type = MESSAGE_DONE, .request = 77});
}

static void hello_twice(int descriptor)
{
	(void)descriptor;
	hello();
	receive_message();
	hello();
}

static void read_before_hello(int descriptor)
{
	(void)descriptor;
	send_message((struct message){.type = MESSAGE_READ, .request = 1, .length = 16});
}

static void number_out_of_order(int descriptor)
{
	(void)descriptor;
	hello();
	receive_message();
	send_message((struct message){.type = MESSAGE_READ, .request = 5, .length = 16});
}

static void read_too_much(int descriptor)
{
	(void)descriptor;
	hello();
	receive_message();
	send_message(
	    (struct message){.type = MESSAGE_READ, .request = 1, .length = FRAME_DATA_MAX + 1});
}

static void too_many_reads(int descriptor)
{
	(void)descriptor;
	reach_run();
	/* The answers are never taken, so none of these ends. */
	for (uint32_t i = 2; i < 100; i++)
		send_message(
		    (struct message){.type = MESSAGE_READ, .request = i, .length = FRAME_DATA_MAX});
}

static void done_too_early(int descriptor)
{
	struct message run;

	(void)descriptor;
	run = reach_run();
	for (uint32_t i = 2; i < 10; i++)
		send_message(
		    (struct message){.type = MESSAGE_READ, .request = i, .length = FRAME_DATA_MAX});
	send_message((struct message){.type = MESSAGE_DONE, .request = run.request});
}

static void open_while_probing(int descriptor)
{
	struct message open = {.type = MESSAGE_OPEN, .request = 1, .name = "a.mp4"};

	(void)descriptor;
	hello();
	receive_message();
	send_message(open);
}

static void name_that_climbs(int descriptor)
{
	struct message open = {.type = MESSAGE_OPEN, .request = 2, .name = "../../../etc/cron.d/x"};

	(void)descriptor;
	reach_run();
	send_message(open);
}

static void type_with_a_header(int descriptor)
{
	struct message open = {.type = MESSAGE_OPEN, .request = 2, .name = "a"};

	(void)descriptor;
	reach_run();
	snprintf(open.content_type, sizeof open.content_type, "a/b\r\nx: y");
	send_message(open);
}

static void name_given_twice(int descriptor)
{
	(void)descriptor;
	reach_run();
	open_number(2, "a.mp4");
	open_number(3, "a.mp4");
}

static void write_to_nothing(int descriptor)
{
	(void)descriptor;
	reach_run();
	send_message((struct message){
	    .type = MESSAGE_WRITE, .request = 2, .output = 3, .data = "x", .n_data = 1});
}

static void write_to_no_number(int descriptor)
{
	(void)descriptor;
	reach_run();
	send_message((struct message){
	    .type = MESSAGE_WRITE, .request = 2, .output = UINT32_MAX, .data = "x", .n_data = 1});
}

static void close_twice(int descriptor)
{
	uint64_t number;

	(void)descriptor;
	reach_run();
	number = open_number(2, "a.mp4");
	send_message((struct message){.type = MESSAGE_CLOSE, .request = 3, .output = number});
	send_message((struct message){.type = MESSAGE_CLOSE, .request = 4, .output = number});
}

static void rewrite_behind_the_head(int descriptor)
{
	uint64_t number;

	(void)descriptor;
	reach_run();
	number = open_number(2, "a.mp4");
	send_message((struct message){.type = MESSAGE_REWRITE,
	                              .request = 3,
	                              .output = number,
	                              .offset = UINT64_MAX - 1,
	                              .data = "xyz",
	                              .n_data = 3});
}

static void log_with_a_colour(int descriptor)
{
	struct message log = {.type = MESSAGE_LOG, .level = VM_LOG_ERROR};

	(void)descriptor;
	snprintf(log.text, sizeof log.text, "\x1b[31mred");
	send_message(log);
}

static void text_that_is_cut(int descriptor)
{
	unsigned char bytes[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX];
	const struct message log = {.type = MESSAGE_LOG, .level = VM_LOG_ERROR, .text = "abc"};
	size_t length = message_write(&log, bytes);

	(void)descriptor;
	bytes[FRAME_HEADER_BYTES + 8] = 0xFF; /* the text says that it is longer than the frame */
	send_raw(bytes, length);
}

static void closed_end(int descriptor)
{
	hello();
	close(descriptor);
}

static void flood(int descriptor)
{
	(void)descriptor;
	reach_run();
	for (uint64_t done = 1;; done++)
		send_message((struct message){.type = MESSAGE_PROGRESS, .done = done});
}

static void deaf(int descriptor)
{
	(void)descriptor;
	reach_run();
	for (uint32_t i = 2; i < 2 + 32; i++)
		send_message(
		    (struct message){.type = MESSAGE_READ, .request = i, .length = FRAME_DATA_MAX});
	send_message((struct message){.type = MESSAGE_PROGRESS, .done = 1});
}

const struct hostile hostiles[] = {
    {"garbage-behind-hello", "does not begin where one should", garbage_behind_hello, false},
    {"huge-length", "a report of 4294967295 bytes", huge_length, false},
    {"workers-words", "a message of type 6, which it may not send", workers_words, false},
    {"done-of-another", "a done out of its turn", done_of_another, false},
    {"hello-twice", "a hello out of its turn", hello_twice, false},
    {"number-out-of-order", "a read with the number 5 after 0", number_out_of_order, false},
    {"read-too-much", "a read whose length is 1048577", read_too_much, false},
    {"too-many-reads", "more than 32 requests at once", too_many_reads, false},
    {"done-too-early", "a done before its requests were answered", done_too_early, false},
    {"open-while-probing", "an open outside run", open_while_probing, false},
    {"name-that-climbs", "the segment \"..\"", name_that_climbs, false},
    {"type-with-a-header", "has control characters", type_with_a_header, false},
    {"name-given-twice", "opened a second time", name_given_twice, false},
    {"write-to-nothing", "a write of output 3, which is not open", write_to_nothing, false},
    {"write-to-no-number", "a write of output 4294967295", write_to_no_number, false},
    {"close-twice", "a close of output 0, which is not open", close_twice, false},
    {"rewrite-behind-the-head", "where 0 may be rewritten", rewrite_behind_the_head, false},
    {"closed-end", "the other end is closed", closed_end, false},
    {"garbage", "does not begin where one should", garbage, true},
    {"unknown-type", "a message of type 200", unknown_type, true},
    {"done-unasked", "a done out of its turn", done_unasked, true},
    {"read-before-hello", "a read where nothing was asked of it", read_before_hello, true},
    {"log-with-a-colour", "has control characters", log_with_a_colour, true},
    {"text-that-is-cut", "is cut, too long or has control characters", text_that_is_cut, true},
    {"flood", NULL, flood, false},
    {"deaf", NULL, deaf, false},
    {0},
};

void hostile_run(const char *name, int descriptor)
{
	for (const struct hostile *hostile = hostiles; hostile->name != NULL; hostile++) {
		if (strcmp(hostile->name, name) != 0)
			continue;
		channel_init(&channel, descriptor, FRAME_FROM_WORKER);
		hostile->behave(descriptor);
		/* It does not go by itself. */
		for (;;)
			pause();
	}
}
