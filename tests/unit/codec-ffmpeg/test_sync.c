/* test_sync.c - flashes and beeps stay together, from the first to the last, by correlation. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "listen.h"
#include "run.h"
#include "transcode.h"
#include "watch.h"

enum { LONGEST_MS = 25000, LAG_MS = 300, PART_MS = 1000 };

/* One packet of AAC at 48 kHz. */
#define PACKET_MS (1024 / 48)

static const struct video_option video[] = {
    {.name = "large", .height = 720, .bitrate = 2000000, .quality = 23}};
static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 96000, .channels = 2}};

static float flashes[LONGEST_MS], beeps[LONGEST_MS];
static struct job job;

static void hear_beeps(const char *path)
{
	struct heard heard;

	memset(beeps, 0, sizeof beeps);
	listen_to(path, 0, &heard);
	for (size_t i = 0; i < heard.count; i++) {
		double ms = (heard.start + (double)i / heard.rate) * 1000;

		if (ms >= 0 && ms < LONGEST_MS && fabs((double)heard.samples[0][i]) > 0.1)
			beeps[(size_t)ms] = 1;
	}
	heard_finish(&heard);
}

/* By how much the beeps come after the flashes in a part of the file, and how long they sound. */
static int lag(size_t from, size_t to, double *beeping_ms)
{
	double best = -1;
	int found = 0;

	*beeping_ms = 0;
	for (size_t at = from; at < to; at++)
		*beeping_ms += (double)beeps[at];
	for (int lag = -LAG_MS; lag <= LAG_MS; lag++) {
		double sum = 0;

		for (size_t at = from; at < to; at++)
			if ((int)at + lag >= 0 && (int)at + lag < LONGEST_MS)
				sum += (double)flashes[at] * (double)beeps[(int)at + lag];
		if (sum > best) {
			best = sum;
			found = lag;
		}
	}
	return found;
}

static const struct {
	const char *clip;
	size_t length_ms;
	size_t silent_from_ms, silent_to_ms; /* where no beep is due */
} table[] = {
    {"beep", 10000, 0, 0},      {"beep-mp3", 10000, 0, 0},        {"beep-opus", 10000, 0, 0},
    {"beep-late", 10000, 0, 0}, {"beep-jump", 10000, 4500, 5500}, {"beep-gap", 20000, 3500, 15500},
    {"beep-wrap", 10000, 0, 0}, {"beep-drift", 20000, 0, 0},
};

static void assert_together(int _i, const char *path)
{
	watch_flashes(path, flashes, LONGEST_MS);
	hear_beeps(path);
	for (size_t from = 500; from + PART_MS <= table[_i].length_ms; from += PART_MS) {
		size_t to = from + PART_MS;
		double beeping_ms;
		int off = lag(from, to, &beeping_ms);

		if (getenv("VIDMILL_TEST_LOG") != NULL)
			fprintf(stderr, "%s at %zu ms: %d ms\n", table[_i].clip, from, off);
		if (from < table[_i].silent_to_ms && to > table[_i].silent_from_ms)
			continue;
		ck_assert_msg(beeping_ms > 20, "%s: no beeps from %zu ms on", table[_i].clip, from);
		ck_assert_msg(abs(off) <= PACKET_MS, "%s: from %zu ms on the sound is %d ms late",
		              table[_i].clip, from, off);
	}
}

START_TEST(flashes_and_beeps_stay_together)
{
	struct config config = config_with(video, 1, audio, 1);

	job_begin(&job, clip(table[_i].clip));
	ck_assert_msg(job_run(&job, &config) == VM_OK, "%s", job.err.message);
	ck_assert_msg(job_verify(&job, 0) == VM_OK, "%s", job.err.message);
	assert_together(_i, job_path(&job, "large.mp4"));
	assert_together(_i, job_path(&job, "hls/master.m3u8"));
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sync");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, flashes_and_beeps_stay_together, 0, sizeof table / sizeof *table);
	return run_tests(tests, "sync");
}
