/* test_window.c - what is held, what is thrown away, and that the bound holds whatever is read. */
#include "worker/window.h"

#include <stdlib.h>

#include "run.h"

#define MIB (1u << 20)

/* Plays the reader, with fetches that end at once. */
static void load(struct slot *slot)
{
	slot->state = SLOT_READY;
}

static unsigned read_at(struct window *window, uint64_t offset, size_t length)
{
	struct cursor *cursor;
	struct slot *slot;
	unsigned fetches = 0;

	while (length > 0) {
		size_t here;

		cursor = window_cursor(window, offset);
		slot = window_find(window, offset);
		if (slot == NULL) {
			slot = window_claim(window, cursor, offset);
			ck_assert_ptr_nonnull(slot);
			load(slot);
			fetches++;
		}
		here = (size_t)(slot->offset + slot->length - offset);
		here = here < length ? here : length;
		window_advance(window, cursor, slot, offset, here);
		while ((slot = window_claim_ahead(window, cursor)) != NULL) {
			load(slot);
			fetches++;
			ck_assert_uint_le(window->held, WINDOW_BYTES);
		}
		ck_assert_uint_le(window->held, WINDOW_BYTES);
		offset += here;
		length -= here;
	}
	return fetches;
}

static struct window *make(uint64_t bytes)
{
	struct window *window = calloc(1, sizeof *window);

	window->bytes = bytes;
	return window;
}

static void drop(struct window *window)
{
	window_finish(window);
	ck_assert_uint_eq(window->held, 0);
	free(window);
}

START_TEST(a_single_look_fetches_one_short_range)
{
	struct window *window = make(UINT64_C(1) << 40);

	ck_assert_uint_eq(read_at(window, UINT64_C(1) << 39, 4096), 1);
	ck_assert_uint_eq(window->held, WINDOW_FETCH_FIRST);
	drop(window);
}
END_TEST

START_TEST(reading_on_fetches_ahead_and_in_larger_ranges)
{
	struct window *window = make(UINT64_C(1) << 40);

	for (uint64_t offset = 0; offset < 20 * MIB; offset += 65536)
		read_at(window, offset, 65536);
	ck_assert_uint_eq(window_cursor(window, 20 * MIB)->next_fetch, WINDOW_FETCH_MOST);
	ck_assert_uint_gt(window_cursor(window, 20 * MIB)->edge, 30 * MIB);
	drop(window);
}
END_TEST

START_TEST(the_bound_holds_for_any_order_of_reads)
{
	struct window *window = make(UINT64_C(1) << 31);
	uint64_t seed = 7, offset = 0;

	for (int i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		if (seed >> 60 == 0)
			offset = (seed >> 16) % window->bytes;
		if (offset + MIB >= window->bytes)
			offset = 0;
		read_at(window, offset, 1 + (seed >> 40) % MIB);
		offset += (seed >> 40) % MIB;
	}
	drop(window);
}
END_TEST

START_TEST(a_claim_never_overlaps_what_is_held)
{
	struct window *window = make(64 * MIB);
	struct cursor *cursor = window_cursor(window, 10 * MIB);
	struct slot *later = window_claim(window, cursor, 10 * MIB), *before;

	load(later);
	before = window_claim(window, cursor, 10 * MIB - 1000);
	ck_assert_uint_eq(before->length, 1000);
	load(before);
	drop(window);
}
END_TEST

START_TEST(while_all_is_loading_nothing_can_be_claimed)
{
	struct window *window = make(UINT64_C(1) << 40);
	struct cursor *cursor;
	struct slot *slot;
	unsigned claimed = 0;

	do {
		cursor = window_cursor(window, (uint64_t)claimed * 100 * MIB);
		slot = window_claim(window, cursor, (uint64_t)claimed * 100 * MIB);
		claimed += slot != NULL ? 1 : 0;
	} while (slot != NULL);
	ck_assert_uint_eq(claimed, WINDOW_BYTES / WINDOW_FETCH_FIRST);
	load(window_find(window, 0));
	ck_assert_ptr_nonnull(window_claim(window, cursor, UINT64_C(1) << 39));
	drop(window);
}
END_TEST

START_TEST(what_somebody_waits_for_is_not_thrown_away)
{
	struct window *window = make(UINT64_C(1) << 40);
	struct slot *kept;

	read_at(window, 0, 4096);
	kept = window_find(window, 0);
	kept->waiting = 1;
	for (uint64_t i = 1; i < 200; i++)
		read_at(window, i * 100 * MIB, 4096);
	ck_assert_ptr_eq(window_find(window, 0), kept);
	drop(window);
}
END_TEST

START_TEST(memory_that_is_given_up_is_used_again)
{
	struct window *window = make(UINT64_C(1) << 40);
	unsigned allocated = 0;

	for (uint64_t offset = 0; offset < 20 * WINDOW_BYTES; offset += MIB) {
		read_at(window, offset, MIB);
		for (size_t i = 0; i < WINDOW_SLOTS; i++) {
			struct slot *slot = &window->slots[i];

			if (slot->state == SLOT_FREE || slot->bytes != NULL)
				continue;
			slot->bytes = malloc(slot->length);
			allocated++;
		}
	}
	/* The short ranges at the beginning, and a window full of long ones. */
	ck_assert_uint_le(allocated, 4 + WINDOW_BYTES / WINDOW_FETCH_MOST);
	drop(window);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("window");

	tcase_add_test(tests, a_single_look_fetches_one_short_range);
	tcase_add_test(tests, reading_on_fetches_ahead_and_in_larger_ranges);
	tcase_add_test(tests, the_bound_holds_for_any_order_of_reads);
	tcase_add_test(tests, a_claim_never_overlaps_what_is_held);
	tcase_add_test(tests, while_all_is_loading_nothing_can_be_claimed);
	tcase_add_test(tests, what_somebody_waits_for_is_not_thrown_away);
	tcase_add_test(tests, memory_that_is_given_up_is_used_again);
	return run_tests(tests, "window");
}
