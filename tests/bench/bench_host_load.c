/* bench_host_load.c - how many decisions a second a server takes and stores. */
#include <string.h>
#include <sys/resource.h>

#include "local_server.h"
#include "plugin/storage.h"
#include "server/documents.h"
#include "server/loops.h"
#include "support/call.h"
#include "support/clock.h"
#include "video/keys.h"

#define CLIENTS 4
#define ROUND_SECONDS_MOST 300

static struct local_server local;

/* What `vidmill upload` asks for: a video, its bytes, and that they are there. */
static void upload(void)
{
	struct server *server = &local.server;
	struct video_create create = {.name = "clip.mp4"};
	struct vm_put put = {.if_absent = true};
	char key[VM_KEY_MAX];
	struct video video;
	struct vm_error err;
	struct call call;

	call_init(&call, NULL, LOCAL_CALL_MS);
	bench_expect(videos_create(server, &create, &video, &call.vm, &err), &err);
	key_source(video.id, key);
	put.key = key;
	bench_expect(
	    storage_put(server->places.storage_unprocessed, &put, "source", 6, NULL, &call.vm, &err),
	    &err);
	bench_expect(videos_complete(server, video.id, NULL, &video, &call.vm, &err), &err);
}

static void *upload_share(void *ctx)
{
	for (unsigned n = *(unsigned *)ctx; n > 0; n--)
		upload();
	return NULL;
}

static enum vm_more add_versions(void *ctx, const struct video *video)
{
	*(uint64_t *)ctx += video->version;
	return VM_MORE;
}

/* Every version of a document is one decision that was stored. */
static uint64_t decisions(void)
{
	uint64_t sum = 0;
	struct vm_error err;
	struct call call;

	call_init(&call, NULL, LOCAL_CALL_MS);
	bench_expect(documents_find(local.server.places.meta, &(struct vm_find){.count = 0},
	                            add_versions, &sum, &call.vm, &err),
	             &err);
	return sum;
}

static uint64_t processed(void)
{
	uint64_t count;
	struct vm_error err;
	struct call call;

	call_init(&call, NULL, LOCAL_CALL_MS);
	bench_expect(videos_count(&local.server, VIDEO_PROCESSED, &count, &call.vm, &err), &err);
	return count;
}

static double processor_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* From the first upload to the last outcome; returns decisions in a second. */
static double run_round(unsigned videos)
{
	uint64_t want = processed() + videos, before = decisions();
	double begun = bench_seconds(CLOCK_MONOTONIC), cpu = processor_seconds(), took;
	unsigned share = videos / CLIENTS;
	pthread_t clients[CLIENTS];
	uint64_t made;

	for (unsigned n = 0; n < CLIENTS; n++)
		if (pthread_create(&clients[n], NULL, upload_share, &share) != 0)
			exit(EXIT_FAILURE);
	for (unsigned n = 0; n < CLIENTS; n++)
		pthread_join(clients[n], NULL);
	while (processed() < want) {
		if (bench_seconds(CLOCK_MONOTONIC) - begun > ROUND_SECONDS_MOST) {
			fprintf(stderr, "%u videos are not processed within %d s\n", videos,
			        ROUND_SECONDS_MOST);
			exit(EXIT_FAILURE);
		}
		cancel_sleep_ms(local.server.abort, 20);
	}
	took = bench_seconds(CLOCK_MONOTONIC) - begun;
	cpu = processor_seconds() - cpu;
	made = decisions() - before;
	printf("%u videos, %.1f decisions each: %6.0f decisions/s, %5.0f videos/s, %.2f processors, "
	       "%.0f us of one each\n",
	       videos, (double)made / videos, (double)made / took, videos / took, cpu / took,
	       cpu * 1e6 / (double)made);
	fflush(stdout);
	return (double)made / took;
}

int main(int argc, char **argv)
{
	void *(*const loops[])(void *) = {dispatcher_loop, sweeper_loop, watcher_loop, collector_loop};
	pthread_t threads[sizeof loops / sizeof loops[0]];
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 5;
	unsigned videos = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 400;
	double rates[100];

	if (argc < 2 || rounds == 0 || rounds > 100 || videos < CLIENTS || videos % CLIENTS != 0) {
		fprintf(stderr, "usage: bench-host-load FOLDER [ROUNDS [VIDEOS [PIPELINE]]]\n");
		return EXIT_FAILURE;
	}
	local_server_open(&local, argv[1], argc > 4 ? argv[4] : NULL);
	for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++)
		if (pthread_create(&threads[i], NULL, loops[i], &local.server) != 0)
			return EXIT_FAILURE;
	for (unsigned n = 0; n < rounds; n++)
		rates[n] = run_round(videos);
	qsort(rates, rounds, sizeof rates[0], by_value);
	printf("median of %u: %.0f decisions/s\n", rounds, rates[rounds / 2]);
	cancel_trigger(local.server.stop);
	cancel_trigger(local.server.abort);
	for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++)
		pthread_join(threads[i], NULL);
	local_server_close(&local);
	return EXIT_SUCCESS;
}
