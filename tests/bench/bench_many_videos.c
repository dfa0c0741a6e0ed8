/* bench_many_videos.c - what listing and sweeping a video cost among 1,000 and among 100,000. */
#include <string.h>

#include "local_server.h"
#include "plugin/meta.h"
#include "server/documents.h"
#include "server/sweep.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/json.h"
#include "support/random.h"
#include "video/keys.h"

/* As many are owned by somebody else, and as many are to be swept, however many there are. */
#define FEW 200
#define PAGE 50
#define FILLERS 4

struct size {
	unsigned videos;
	struct local_server local;
};

static struct video make_video(unsigned n)
{
	struct video video;
	char id[VIDEO_ID_MAX];

	random_hex(id, (sizeof id - 1) / 2);
	video_init(&video, id, 1700000000000 + n, 0);
	snprintf(video.name, sizeof video.name, "clip-%u.mp4", n);
	snprintf(video.owner, sizeof video.owner, "%s", n % 500 == 7 ? "few" : "many");
	video.state = n % 500 == 9 ? VIDEO_FAILED : VIDEO_PROCESSED;
	snprintf(video.source.etag, sizeof video.source.etag, "0f343b0931126a20f133d67c2b018a3b");
	key_manifest(id, 1, 1, "0011223344556677", video.result.manifest_key);
	video.wake_ms = 0;
	return video;
}

static void fill(void *self, unsigned thread, unsigned n)
{
	struct instance *meta = self;
	struct vm_error err;
	struct call call;

	for (unsigned i = 0; i < n; i++) {
		struct video video = make_video(thread * n + i);

		call_init(&call, NULL, LOCAL_CALL_MS);
		bench_expect(document_store(meta, &video, &call.vm, &err), &err);
	}
}

struct page {
	unsigned count;
	char last[VIDEO_ID_MAX];
};

static enum vm_more note(void *ctx, const struct video *video)
{
	struct page *page = ctx;

	page->count++;
	memcpy(page->last, video->id, sizeof page->last);
	return VM_MORE;
}

/* Page by page, as a client goes through; seconds for each video. */
static double list(struct server *server, const char *owner, enum video_state state, unsigned most)
{
	struct video_list list = {.owner = owner, .state = state, .limit = PAGE};
	double begun = bench_seconds(CLOCK_PROCESS_CPUTIME_ID);
	struct page page = {.count = PAGE};
	unsigned total = 0;
	struct vm_error err;
	struct call call;

	while (page.count == PAGE && total < most) {
		char after[VIDEO_ID_MAX];

		memcpy(after, page.last, sizeof after);
		page.count = 0;
		list.after_id = total > 0 ? after : NULL;
		call_init(&call, NULL, LOCAL_CALL_MS);
		bench_expect(videos_list(server, &list, note, &page, &call.vm, &err), &err);
		total += page.count;
	}
	return (bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - begun) / (total > 0 ? total : 1);
}

static double list_all(struct size *size)
{
	return list(&size->local.server, NULL, 0, size->videos);
}

static double list_first_page(struct size *size)
{
	return list(&size->local.server, NULL, 0, PAGE);
}

static double list_owner_of_most(struct size *size)
{
	return list(&size->local.server, "many", 0, 4 * PAGE);
}

static double list_owner_of_few(struct size *size)
{
	return list(&size->local.server, "few", 0, PAGE);
}

static double list_failed(struct size *size)
{
	return list(&size->local.server, NULL, VIDEO_FAILED, PAGE);
}

static double list_failed_of_owner(struct size *size)
{
	return list(&size->local.server, "many", VIDEO_FAILED, PAGE);
}

/* A few are due: their notifications are owed. */
static enum vm_more owe(void *ctx, const struct video *video)
{
	struct video **next = ctx;

	*(*next)++ = *video;
	return VM_MORE;
}

static double sweep_few(struct size *size)
{
	static struct video due[FEW];
	struct instance *meta = size->local.server.places.meta;
	struct video *end = due;
	double begun;
	struct vm_error err;
	struct call call;

	call_init(&call, NULL, LOCAL_CALL_MS);
	bench_expect(documents_find(meta, &(struct vm_find){.limit = FEW}, owe, &end, &call.vm, &err),
	             &err);
	for (struct video *video = due; video < end; video++) {
		random_hex(video->outbox_event, (sizeof video->outbox_event - 1) / 2);
		video->outbox_sent_ms = 0;
		video->wake_ms = 1;
		call_init(&call, NULL, LOCAL_CALL_MS);
		bench_expect(document_store(meta, video, &call.vm, &err), &err);
	}
	begun = bench_seconds(CLOCK_PROCESS_CPUTIME_ID);
	if (!sweep_due(&size->local.server))
		exit(EXIT_FAILURE);
	return (bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - begun) / (double)(end - due);
}

static double sweep_nothing(struct size *size)
{
	double begun = bench_seconds(CLOCK_PROCESS_CPUTIME_ID);

	if (!sweep_due(&size->local.server))
		exit(EXIT_FAILURE);
	return bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - begun;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

#define ROUNDS_MOST 100

/* In processor time: what the disk and other processes do is not the question. Round by round in
 * turn, so that whatever else the machine does befalls both. */
static void compare(const char *what, double (*measure)(struct size *size), struct size *sizes,
                    unsigned rounds)
{
	double took[2][ROUNDS_MOST];

	for (unsigned n = 0; n < rounds; n++)
		for (unsigned i = 0; i < 2; i++)
			took[i][n] = measure(&sizes[i]);
	for (unsigned i = 0; i < 2; i++)
		qsort(took[i], rounds, sizeof took[i][0], by_value);
	printf("%-44s %8.1f us %8.1f us   %5.2f\n", what, took[0][rounds / 2] * 1e6,
	       took[1][rounds / 2] * 1e6, took[1][rounds / 2] / took[0][rounds / 2]);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *what;
		double (*measure)(struct size *size);
	} all[] = {
	    {"list all, a video", list_all},
	    {"list the newest page, a video", list_first_page},
	    {"list of an owner of nearly all, a video", list_owner_of_most},
	    {"list of an owner of few, a video", list_owner_of_few},
	    {"list what failed, a video", list_failed},
	    {"list what failed of one owner, a video", list_failed_of_owner},
	    {"sweep, a video that is due", sweep_few},
	    {"sweep when nothing is due", sweep_nothing},
	};
	static struct size sizes[2] = {{.videos = 1000}, {.videos = 100000}};
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 5;

	if (argc < 2 || rounds == 0 || rounds > ROUNDS_MOST) {
		fprintf(stderr, "usage: bench-many-videos FOLDER [ROUNDS [MANY]]\n");
		return EXIT_FAILURE;
	}
	if (argc > 3)
		sizes[1].videos = (unsigned)strtoul(argv[3], NULL, 10) / FILLERS * FILLERS;
	for (unsigned i = 0; i < 2; i++) {
		local_server_open(&sizes[i].local, argv[1], NULL);
		bench_run("store videos", fill, sizes[i].local.server.places.meta, FILLERS,
		          sizes[i].videos / FILLERS);
	}
	printf("%-44s %8u    %8u      ratio\n", "among so many videos", sizes[0].videos,
	       sizes[1].videos);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		compare(all[i].what, all[i].measure, sizes, rounds);
	for (unsigned i = 0; i < 2; i++)
		local_server_close(&sizes[i].local);
	return EXIT_SUCCESS;
}
