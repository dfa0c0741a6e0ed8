/* test_playlist.c - HLS playlists, to the letter, and what is refused when they are read. */
#include "playlist.h"

#include <string.h>

#include "run.h"

static const struct playlist_picture pictures[] = {
    {.uri = "720p/playlist.m3u8",
     .width = 1280,
     .height = 720,
     .codec = "avc1.64001f",
     .peak = 3000000,
     .average = 2000000,
     .frame_rate_milli = 29970,
     .keyframes_uri = "720p/keyframes.m3u8",
     .keyframes_peak = 300000,
     .keyframes_average = 200000},
    {.uri = "480p/playlist.m3u8",
     .width = 854,
     .height = 480,
     .codec = "avc1.64001e",
     .peak = 1500000,
     .average = 1000000},
};
static const struct label english = {"en", "eng", "English", AV_DISPOSITION_DEFAULT};
static const struct label described = {"de", "deu", "German", AV_DISPOSITION_VISUAL_IMPAIRED};
static const struct label commentary = {"", "", "The \"maker\"", AV_DISPOSITION_COMMENT};
static const struct playlist_sound sounds[] = {
    {"stereo", &english, "stereo/playlist.m3u8", 2, "mp4a.40.2", 140000, 128000},
    {"surround", &english, "surround/playlist.m3u8", 6, "mp4a.40.2", 400000, 384000},
};

#define KEYFRAMES                                                                                  \
	"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=300000,AVERAGE-BANDWIDTH=200000,CODECS=\"avc1.64001f\","  \
	"RESOLUTION=1280x720,VIDEO-RANGE=SDR,URI=\"720p/keyframes.m3u8\"\n"

static void assert_text(char *text, const char *wanted)
{
	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, wanted);
	free(text);
}

START_TEST(a_media_playlist_lists_its_segments)
{
	struct segment items[] = {{0, 4004000, 1, 1}, {4004000, 4004000, 1, 1}, {8008000, 33367, 1, 1}};
	struct segments segments = {items, 3, 3};

	assert_text(playlist_media(&segments), "#EXTM3U\n"
	                                       "#EXT-X-VERSION:7\n"
	                                       "#EXT-X-INDEPENDENT-SEGMENTS\n"
	                                       "#EXT-X-TARGETDURATION:4\n"
	                                       "#EXT-X-MEDIA-SEQUENCE:1\n"
	                                       "#EXT-X-PLAYLIST-TYPE:VOD\n"
	                                       "#EXT-X-MAP:URI=\"init.mp4\"\n"
	                                       "#EXTINF:4.004000,\nsegment-00001.m4s\n"
	                                       "#EXTINF:4.004000,\nsegment-00002.m4s\n"
	                                       "#EXTINF:0.033367,\nsegment-00003.m4s\n"
	                                       "#EXT-X-ENDLIST\n");
}
END_TEST

START_TEST(keyframes_have_a_playlist_of_their_own)
{
	struct segment items[] = {{0, 4004000, 900, 90}, {4004000, 33367, 300, 30}};
	struct segments segments = {items, 2, 2};
	struct playlist_facts facts;
	char *text = playlist_keyframes(&segments);

	ck_assert_int_eq(playlist_read(text, strlen(text), &facts, NULL), VM_OK);
	ck_assert_int_eq(facts.duration_us, 4037367);
	assert_text(text, "#EXTM3U\n"
	                  "#EXT-X-VERSION:7\n"
	                  "#EXT-X-INDEPENDENT-SEGMENTS\n"
	                  "#EXT-X-TARGETDURATION:4\n"
	                  "#EXT-X-MEDIA-SEQUENCE:1\n"
	                  "#EXT-X-PLAYLIST-TYPE:VOD\n"
	                  "#EXT-X-I-FRAMES-ONLY\n"
	                  "#EXT-X-MAP:URI=\"init.mp4\"\n"
	                  "#EXTINF:4.004000,\n#EXT-X-BYTERANGE:90@0\nsegment-00001.m4s\n"
	                  "#EXTINF:0.033367,\n#EXT-X-BYTERANGE:30@0\nsegment-00002.m4s\n"
	                  "#EXT-X-ENDLIST\n");
	text = strdup("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-I-FRAMES-ONLY\n"
	              "#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4.0,\nsegment-00001.m4s\n"
	              "#EXT-X-ENDLIST\n");
	ck_assert_int_eq(playlist_read(text, strlen(text), &facts, NULL), VM_ERR_BAD_DATA);
	free(text);
}
END_TEST

START_TEST(what_players_must_know_of_the_range_is_told)
{
	struct playlist_picture picture = pictures[1];
	char *text;

	picture.transfer = AVCOL_TRC_ARIB_STD_B67;
	text = playlist_master(&picture, 1, NULL, 0, NULL, 0);
	ck_assert_ptr_nonnull(strstr(text, "VIDEO-RANGE=HLG"));
	free(text);
	picture.transfer = AVCOL_TRC_SMPTE2084;
	text = playlist_master(&picture, 1, NULL, 0, NULL, 0);
	ck_assert_ptr_nonnull(strstr(text, "VIDEO-RANGE=PQ"));
	free(text);
}
END_TEST

START_TEST(a_master_names_every_picture_with_every_sound)
{
	assert_text(
	    playlist_master(pictures, 2, sounds, 2, NULL, 0),
	    "#EXTM3U\n"
	    "#EXT-X-VERSION:7\n"
	    "#EXT-X-INDEPENDENT-SEGMENTS\n"
	    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"stereo\",NAME=\"English\",LANGUAGE=\"en\","
	    "DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"stereo/playlist.m3u8\"\n"
	    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"surround\",NAME=\"English\",LANGUAGE=\"en\","
	    "DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"6\",URI=\"surround/playlist.m3u8\"\n"
	    "#EXT-X-STREAM-INF:BANDWIDTH=3140000,AVERAGE-BANDWIDTH=2128000,"
	    "CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,"
	    "AUDIO=\"stereo\",CLOSED-CAPTIONS=NONE\n720p/playlist.m3u8\n"
	    "#EXT-X-STREAM-INF:BANDWIDTH=1640000,AVERAGE-BANDWIDTH=1128000,"
	    "CODECS=\"avc1.64001e,mp4a.40.2\",RESOLUTION=854x480,VIDEO-RANGE=SDR,"
	    "AUDIO=\"stereo\",CLOSED-CAPTIONS=NONE\n480p/playlist.m3u8\n"
	    "#EXT-X-STREAM-INF:BANDWIDTH=3400000,AVERAGE-BANDWIDTH=2384000,"
	    "CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,"
	    "AUDIO=\"surround\",CLOSED-CAPTIONS=NONE\n720p/playlist.m3u8\n"
	    "#EXT-X-STREAM-INF:BANDWIDTH=1900000,AVERAGE-BANDWIDTH=1384000,"
	    "CODECS=\"avc1.64001e,mp4a.40.2\",RESOLUTION=854x480,VIDEO-RANGE=SDR,"
	    "AUDIO=\"surround\",CLOSED-CAPTIONS=NONE\n480p/playlist.m3u8\n" KEYFRAMES);
}
END_TEST

START_TEST(without_sound_no_group_is_named)
{
	char *text = playlist_master(pictures, 1, NULL, 0, NULL, 0);

	ck_assert_ptr_null(strstr(text, "AUDIO"));
	ck_assert_ptr_nonnull(strstr(text, "BANDWIDTH=3000000,AVERAGE-BANDWIDTH=2000000,"
	                                   "CODECS=\"avc1.64001f\",RESOLUTION=1280x720"));
	free(text);
}
END_TEST

START_TEST(sound_alone_is_a_variant)
{
	char *text = playlist_master(NULL, 0, sounds, 1, NULL, 0);

	ck_assert_ptr_nonnull(strstr(text, "#EXT-X-STREAM-INF:BANDWIDTH=140000,"
	                                   "AVERAGE-BANDWIDTH=128000,CODECS=\"mp4a.40.2\"\n"
	                                   "stereo/playlist.m3u8\n"));
	ck_assert_ptr_null(strstr(text, "RESOLUTION"));
	free(text);
}
END_TEST

START_TEST(tracks_of_one_group_are_a_choice_and_no_variants)
{
	const struct playlist_sound group[] = {
	    {"stereo", &english, "stereo/playlist.m3u8", 2, "mp4a.40.2", 140000, 128000},
	    {"stereo", &described, "stereo-de/playlist.m3u8", 1, "mp4a.40.2", 150000, 130000},
	    {"stereo", &commentary, "stereo-2/playlist.m3u8", 2, "mp4a.40.2", 100000, 90000},
	};

	assert_text(
	    playlist_master(pictures, 1, group, 3, NULL, 0),
	    "#EXTM3U\n"
	    "#EXT-X-VERSION:7\n"
	    "#EXT-X-INDEPENDENT-SEGMENTS\n"
	    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"stereo\",NAME=\"English\",LANGUAGE=\"en\","
	    "DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"stereo/playlist.m3u8\"\n"
	    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"stereo\",NAME=\"German\",LANGUAGE=\"de\","
	    "AUTOSELECT=YES,CHARACTERISTICS=\"public.accessibility.describes-video\","
	    "CHANNELS=\"1\",URI=\"stereo-de/playlist.m3u8\"\n"
	    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"stereo\",NAME=\"The  maker \","
	    "CHANNELS=\"2\",URI=\"stereo-2/playlist.m3u8\"\n"
	    "#EXT-X-STREAM-INF:BANDWIDTH=3150000,AVERAGE-BANDWIDTH=2130000,"
	    "CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,"
	    "AUDIO=\"stereo\",CLOSED-CAPTIONS=NONE\n720p/playlist.m3u8\n" KEYFRAMES);
}
END_TEST

START_TEST(subtitles_are_a_choice_of_every_variant)
{
	const struct label forced = {"de", "deu", "Signs", AV_DISPOSITION_FORCED};
	const struct label full = {"en", "eng", "English",
	                           AV_DISPOSITION_DEFAULT | AV_DISPOSITION_HEARING_IMPAIRED};
	const struct playlist_text texts[] = {{&forced, "../subtitles/de.m3u8"},
	                                      {&full, "../subtitles/en.m3u8"}};
	struct playlist_facts facts;
	char *text;

	assert_text(playlist_master(pictures, 1, NULL, 0, texts, 2),
	            "#EXTM3U\n"
	            "#EXT-X-VERSION:7\n"
	            "#EXT-X-INDEPENDENT-SEGMENTS\n"
	            "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"Signs\",LANGUAGE=\"de\","
	            "AUTOSELECT=YES,FORCED=YES,URI=\"../subtitles/de.m3u8\"\n"
	            "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"English\","
	            "LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,"
	            "CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,"
	            "public.accessibility.describes-music-and-sound\",URI=\"../subtitles/en.m3u8\"\n"
	            "#EXT-X-STREAM-INF:BANDWIDTH=3000000,AVERAGE-BANDWIDTH=2000000,"
	            "CODECS=\"avc1.64001f\",RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,"
	            "SUBTITLES=\"subtitles\",CLOSED-CAPTIONS=NONE\n720p/playlist.m3u8\n" KEYFRAMES);
	text = playlist_text("de", 61600000);
	ck_assert_int_eq(playlist_read(text, strlen(text), &facts, NULL), VM_OK);
	ck_assert_int_eq(facts.duration_us, 61600000);
	assert_text(text, "#EXTM3U\n"
	                  "#EXT-X-VERSION:7\n"
	                  "#EXT-X-TARGETDURATION:62\n"
	                  "#EXT-X-MEDIA-SEQUENCE:1\n"
	                  "#EXT-X-PLAYLIST-TYPE:VOD\n"
	                  "#EXTINF:61.600000,\nde.vtt\n"
	                  "#EXT-X-ENDLIST\n");
}
END_TEST

START_TEST(a_name_cannot_break_out_of_its_quotes)
{
	struct label hostile = {"en", "eng", "a\"\n#", 0};
	struct playlist_sound sound = sounds[0];
	char *text;

	sound.label = &hostile;
	text = playlist_master(pictures, 1, &sound, 1, NULL, 0);
	ck_assert_ptr_nonnull(strstr(text, "NAME=\"a  #\""));
	free(text);
}
END_TEST

static int read_text(const char *text, struct playlist_facts *facts)
{
	return playlist_read(text, strlen(text), facts, NULL);
}

START_TEST(what_was_written_can_be_read)
{
	struct segment items[] = {{0, 4004000, 900, 90}, {4004000, 33367, 300, 30}};
	struct segments segments = {items, 2, 2};
	struct playlist_facts facts;
	char *text = playlist_media(&segments);

	ck_assert_int_eq(read_text(text, &facts), VM_OK);
	ck_assert(!facts.is_master);
	ck_assert_uint_eq(facts.entries, 2);
	ck_assert_int_eq(facts.duration_us, 4037367);
	free(text);
	text = playlist_master(pictures, 2, sounds, 1, NULL, 0);
	ck_assert_int_eq(read_text(text, &facts), VM_OK);
	ck_assert(facts.is_master);
	ck_assert_uint_eq(facts.entries, 2);
	free(text);
}
END_TEST

START_TEST(choices_that_are_none_are_refused)
{
	static const char head[] = "#EXTM3U\n";
	static const char sound[] =
	    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"one, two\",DEFAULT=YES\n";
	static const char other[] =
	    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"three\",DEFAULT=YES\n";
	static const char text[] = "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"a\",NAME=\"one, two\"\n";
	static const char nameless[] = "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",X=\"NAME=b\"\n";
	static const char variant[] = "#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"a,b\",AUDIO=\"a\","
	                              "CLOSED-CAPTIONS=NONE\nv.m3u8\n";
	static const char *const masters[][4] = {
	    {"", "", variant, "no group"},           {sound, sound, variant, "twice"},
	    {sound, other, variant, "two defaults"}, {text, "", variant, "no group"},
	    {nameless, "", variant, "without type"}, {sound, text, variant, NULL},
	};
	struct playlist_facts facts;

	for (size_t i = 0; i < sizeof masters / sizeof *masters; i++) {
		char master[1024];
		struct vm_error err;
		int status;

		snprintf(master, sizeof master, "%s%s%s%s", head, masters[i][0], masters[i][1],
		         masters[i][2]);
		status = playlist_read(master, strlen(master), &facts, &err);
		ck_assert_int_eq(status, masters[i][3] != NULL ? VM_ERR_BAD_DATA : VM_OK);
		if (masters[i][3] != NULL)
			ck_assert_ptr_nonnull(strstr(err.message, masters[i][3]));
	}
}
END_TEST

START_TEST(what_a_player_could_not_use_is_refused)
{
	const char *broken[] = {
	    "",
	    "#EXTM3U8\n",
	    "#EXTM3U\n",
	    "#EXTM3U\n#EXTINF:4,\na.m4s\n",
	    "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:4,\na.m4s\n",
	    "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:4,\n#EXT-X-ENDLIST\n",
	    "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"i\"\nb.m4s\n#EXT-X-ENDLIST\n",
	    "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:x,\na\n#EXT-X-ENDLIST\n",
	    "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:0.0,\na\n#EXT-X-ENDLIST\n",
	    "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:4,\na\n#EXT-X-ENDLIST",
	};
	struct playlist_facts facts;

	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		ck_assert_msg(read_text(broken[i], &facts) == VM_ERR_BAD_DATA, "playlist %zu", i);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("playlist");

	tcase_add_test(tests, a_media_playlist_lists_its_segments);
	tcase_add_test(tests, keyframes_have_a_playlist_of_their_own);
	tcase_add_test(tests, what_players_must_know_of_the_range_is_told);
	tcase_add_test(tests, a_master_names_every_picture_with_every_sound);
	tcase_add_test(tests, without_sound_no_group_is_named);
	tcase_add_test(tests, sound_alone_is_a_variant);
	tcase_add_test(tests, tracks_of_one_group_are_a_choice_and_no_variants);
	tcase_add_test(tests, subtitles_are_a_choice_of_every_variant);
	tcase_add_test(tests, a_name_cannot_break_out_of_its_quotes);
	tcase_add_test(tests, what_was_written_can_be_read);
	tcase_add_test(tests, choices_that_are_none_are_refused);
	tcase_add_test(tests, what_a_player_could_not_use_is_refused);
	return run_tests(tests, "playlist");
}
