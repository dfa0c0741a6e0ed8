/* test_sprites.c - what tells a player which tile is when: written, and read again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "sprites.h"
#include "sprites_read.h"

enum { COLUMNS = 3, ROWS = 2 };

static const struct snaps_plan want = {
    .tiles = {.size = {.width = 160, .height = 90}, .every_ms = 2000, .most = 100},
    .columns = COLUMNS,
    .rows = ROWS};
static const int64_t times[] = {0, 2000000, 4000000, 6000000, 8000000, 10000000, 12000000};
static char *text;
static struct tile_facts tiles;
static struct vm_error err;

static void write_tiles(size_t count, int64_t end_us)
{
	ck_assert_ptr_nonnull(text = sprites_vtt(&want, times, count, end_us));
}

static void forget(void)
{
	free(text);
	text = NULL;
}

START_TEST(each_tile_has_its_sheet_and_place)
{
	write_tiles(7, 13500400);
	ck_assert_str_eq(text, "WEBVTT\n"
	                       "\n00:00:00.000 --> 00:00:02.000\nsheet-001.jpg#xywh=0,0,160,90\n"
	                       "\n00:00:02.000 --> 00:00:04.000\nsheet-001.jpg#xywh=160,0,160,90\n"
	                       "\n00:00:04.000 --> 00:00:06.000\nsheet-001.jpg#xywh=320,0,160,90\n"
	                       "\n00:00:06.000 --> 00:00:08.000\nsheet-001.jpg#xywh=0,90,160,90\n"
	                       "\n00:00:08.000 --> 00:00:10.000\nsheet-001.jpg#xywh=160,90,160,90\n"
	                       "\n00:00:10.000 --> 00:00:12.000\nsheet-001.jpg#xywh=320,90,160,90\n"
	                       "\n00:00:12.000 --> 00:00:13.500\nsheet-002.jpg#xywh=0,0,160,90\n");
}
END_TEST

START_TEST(what_is_written_is_read)
{
	for (size_t count = 1; count <= 7; count++) {
		write_tiles(count, INT64_C(400000000000) + 1234000);
		ck_assert_msg(sprites_read(text, strlen(text), COLUMNS, ROWS, &tiles, &err) == VM_OK, "%s",
		              err.message);
		ck_assert_uint_eq(tiles.cues, count);
		ck_assert_int_eq(tiles.width, 160);
		ck_assert_int_eq(tiles.height, 90);
		ck_assert_int_eq(tiles.end_ms, 400001234);
		forget();
	}
}
END_TEST

/* Instead of `what` there is `other`. */
static void assert_found(const char *what, const char *other, const char *sentence)
{
	const char *at = strstr(text, what);
	size_t size = strlen(text) + strlen(other) + 1;
	char *changed = malloc(size);

	ck_assert(at != NULL && changed != NULL);
	snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, other, at + strlen(what));
	ck_assert_int_eq(sprites_read(changed, strlen(changed), COLUMNS, ROWS, &tiles, &err),
	                 VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, sentence);
	free(changed);
}

START_TEST(what_is_wrong_is_found)
{
	write_tiles(7, 14000000);
	assert_found("WEBVTT", "WEBVTX", "sprites: it does not begin with WEBVTT");
	assert_found("00:00:04.000 --> 00:00:06", "00:00:04.001 --> 00:00:06",
	             "sprites: line 9: a cue at the wrong time");
	assert_found("00:00:04.000 --> 00:00:06", "00:00:04.000 --> 00:00:04",
	             "sprites: line 9: a cue at the wrong time");
	assert_found("02.000 -->", "02.000 ->", "sprites: line 6: no times of a cue");
	assert_found("xywh=160,90,160", "xywh=0,90,160", "sprites: line 16: a tile at the wrong place");
	assert_found("sheet-002", "sheet-001", "sprites: line 22: a tile at the wrong place");
	assert_found("320,0,160,90", "320,0,160,91", "sprites: line 10: a tile of another size");
	assert_found("0,0,160,90", "0,0,0,90", "sprites: line 4: no tile");
	assert_found("320,0,160,90", "320,0,160,90,1", "sprites: line 10: no tile");
	assert_found("160,90\n\n00:00:02", "160,90\nx\n00:00:02",
	             "sprites: line 5: text outside of a cue");
}
END_TEST

START_TEST(what_is_cut_off_is_found)
{
	write_tiles(7, 14000000);
	for (size_t length = 0; length < strlen(text); length++) {
		int status = sprites_read(text, length, COLUMNS, ROWS, &tiles, &err);

		/* Whole cues less are a file all the same. */
		if (length > 7 && text[length - 1] == '\n' && text[length] == '\n')
			ck_assert_int_eq(status, VM_OK);
		else
			ck_assert_msg(status == VM_ERR_BAD_DATA, "%zu bytes", length);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sprites");

	tcase_add_checked_fixture(tests, NULL, forget);
	tcase_add_test(tests, each_tile_has_its_sheet_and_place);
	tcase_add_test(tests, what_is_written_is_read);
	tcase_add_test(tests, what_is_wrong_is_found);
	tcase_add_test(tests, what_is_cut_off_is_found);
	return run_tests(tests, "sprites");
}
