/* test_manifest_read.c - manifests of DASH that no player could use are refused. */
#include "manifest_read.h"

#include <string.h>

#include "run.h"

#define MPD(duration, inside)                                                                      \
	"<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" " duration ">"          \
	"<Period><AdaptationSet><Representation id=\"720p\" bandwidth=\"1000\">"                       \
	"<SegmentTemplate>" inside                                                                     \
	"</SegmentTemplate></Representation></AdaptationSet></Period></MPD>\n"
#define TEN "mediaPresentationDuration=\"PT10.500000S\""
#define SEGMENTS                                                                                   \
	"<SegmentTimeline><S t=\"0\" d=\"4000000\" r=\"1\"/><S d=\"2500000\"/></SegmentTimeline>"

static int read_text(const char *text, struct manifest_facts *facts, struct vm_error *err)
{
	return manifest_read(text, strlen(text), facts, err);
}

static void assert_refused(const char *text, const char *why)
{
	struct manifest_facts facts;
	struct vm_error err;

	ck_assert_int_eq(read_text(text, &facts, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, why);
}

START_TEST(what_players_need_is_found)
{
	struct manifest_facts facts;

	ck_assert_int_eq(read_text(MPD(TEN, SEGMENTS), &facts, NULL), VM_OK);
	ck_assert_uint_eq(facts.count, 1);
	ck_assert_str_eq(facts.renditions[0].name, "720p");
	ck_assert_uint_eq(facts.renditions[0].segments, 3);
	ck_assert_int_eq(facts.duration_us, 10500000);
}
END_TEST

START_TEST(what_no_player_could_use_is_refused)
{
	assert_refused("", "manifest: it is no MPD");
	assert_refused("<html></html>", "manifest: it is no MPD");
	assert_refused("<MPD " TEN "><Period>", "manifest: it is no MPD");
	assert_refused("<MPD " TEN "/>", "manifest: it names no rendition");
	assert_refused(MPD("", SEGMENTS), "manifest: without a duration");
	assert_refused(MPD("mediaPresentationDuration=\"10\"", SEGMENTS),
	               "manifest: without a duration");
	assert_refused(MPD(TEN, "<SegmentTimeline/>"),
	               "manifest: segments of 0 ms in a presentation of 10500 ms");
	assert_refused("<MPD " TEN "><Representation bandwidth=\"1\"/></MPD>",
	               "manifest: a rendition without a name");
	assert_refused("<MPD " TEN "><Representation id=\"a\"/></MPD>",
	               "manifest: \"a\" without a bandwidth");
	assert_refused("<MPD " TEN "><Representation id=\"a\" bandwidth=\"1\"/>"
	               "<Representation id=\"a\" bandwidth=\"2\"/></MPD>",
	               "manifest: \"a\" twice");
	assert_refused("<MPD " TEN ">" SEGMENTS "</MPD>", "manifest: segments of no rendition");
	assert_refused(MPD("mediaPresentationDuration=\"PT9S\"", SEGMENTS),
	               "manifest: segments of 10500 ms in a presentation of 9000 ms");
}
END_TEST

/* Neither files nor an endless text come of an entity. */
START_TEST(entities_are_not_followed)
{
	struct manifest_facts facts;

	ck_assert_int_eq(read_text("<!DOCTYPE MPD [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><MPD " TEN
	                           "><Period>&e;</Period></MPD>",
	                           &facts, NULL),
	                 VM_ERR_BAD_DATA);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("manifest_read");

	tcase_add_test(tests, what_players_need_is_found);
	tcase_add_test(tests, what_no_player_could_use_is_refused);
	tcase_add_test(tests, entities_are_not_followed);
	return run_tests(tests, "manifest_read");
}
