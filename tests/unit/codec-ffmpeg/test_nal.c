/* test_nal.c - what a packet of H.264 is made of, and packets that are made of nothing. */
#include "nal.h"

#include "run.h"

static const uint8_t avcc[] = {1,    100,  0,    31, 0xff, 0xe1, 0,    4,    0x67,
                               0x64, 0x00, 0x1f, 1,  0,    3,    0x68, 0xee, 0x3c};

static struct nal_facts read(const uint8_t *packet, size_t length)
{
	struct nal_facts facts;

	ck_assert(nal_read(packet, length, avcc, sizeof avcc, &facts));
	return facts;
}

START_TEST(an_idr_picture_is_seen_behind_what_announces_it)
{
	const uint8_t idr[] = {0, 0, 0, 2, 0x06, 0x05, 0, 0, 0, 2, 0x65, 0x88};
	const uint8_t other[] = {0, 0, 0, 2, 0x41, 0x9a};

	ck_assert(read(idr, sizeof idr).idr);
	ck_assert(!read(idr, sizeof idr).captioned);
	ck_assert(!read(other, sizeof other).idr);
}
END_TEST

START_TEST(captions_are_seen)
{
	const uint8_t captions[] = {0, 0, 0, 8, 0x06, 0x04, 0xb5, 'G', 'A', '9', '4', 3};

	ck_assert(read(captions, sizeof captions).captioned);
}
END_TEST

START_TEST(only_parameters_that_the_track_does_not_have_are_a_change)
{
	const uint8_t same[] = {0, 0, 0, 4, 0x67, 0x64, 0x00, 0x1f, 0, 0, 0, 3, 0x68, 0xee, 0x3c};
	const uint8_t changed[] = {0, 0, 0, 4, 0x67, 0x64, 0x00, 0x20};

	ck_assert(!read(same, sizeof same).changes);
	ck_assert(read(changed, sizeof changed).changes);
}
END_TEST

START_TEST(what_is_not_made_of_whole_units_is_refused)
{
	const uint8_t packet[] = {0, 0, 0, 3, 0x65, 0x88, 0x80};
	const uint8_t empty_unit[] = {0, 0, 0, 0};
	struct nal_facts facts;

	for (size_t length = 1; length < sizeof packet; length++)
		ck_assert(!nal_read(packet, length, avcc, sizeof avcc, &facts));
	ck_assert(nal_read(packet, sizeof packet, avcc, sizeof avcc, &facts));
	ck_assert(!nal_read(empty_unit, sizeof empty_unit, avcc, sizeof avcc, &facts));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("nal");

	tcase_add_test(tests, an_idr_picture_is_seen_behind_what_announces_it);
	tcase_add_test(tests, captions_are_seen);
	tcase_add_test(tests, only_parameters_that_the_track_does_not_have_are_a_change);
	tcase_add_test(tests, what_is_not_made_of_whole_units_is_refused);
	return run_tests(tests, "nal");
}
