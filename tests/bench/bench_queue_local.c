/* bench_queue_local.c - how fast queue-local sends, receives and wakes up; what waiting costs. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "queue_local.h"

enum { MESSAGES = 1000, WAKES = 200, IDLE_SECONDS = 20 };

static const struct vm_queue_ops *ops;
static char body[400];

static void send(void *self, unsigned thread, unsigned n)
{
	struct vm_error err;

	(void)thread;
	for (unsigned i = 0; i < n; i++)
		bench_expect(ops->send(self, body, sizeof body, 0, NULL, &err), &err);
}

static enum vm_more copy_receipt(void *ctx, const struct vm_message *message)
{
	snprintf(ctx, VM_RECEIPT_MAX, "%s", message->receipt);
	return VM_MORE;
}

static void receive_remove(void *self, unsigned thread, unsigned n)
{
	char receipt[VM_RECEIPT_MAX];
	struct vm_error err;

	(void)thread;
	for (unsigned i = 0; i < n; i++) {
		bench_expect(ops->receive(self, 1, 10000, copy_receipt, receipt, NULL, &err), &err);
		bench_expect(ops->remove(self, receipt, NULL, &err), &err);
	}
}

static void all_three(void *self, unsigned thread, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		send(self, thread, 1);
		receive_remove(self, thread, 1);
	}
}

static enum vm_more measure_age(void *ctx, const struct vm_message *message)
{
	double sent;

	memcpy(&sent, message->body, sizeof sent);
	*(double *)ctx = bench_seconds(CLOCK_MONOTONIC) - sent;
	return VM_MORE;
}

static int by_value(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return difference < 0 ? -1 : difference > 0;
}

/* Another process sends now and then; this one waits. */
static void wake_up(const struct vm_host *host, const struct local_config *config)
{
	double ages[WAKES], now;
	unsigned pause_ms;
	struct vm_error err;
	void *self = NULL;
	pid_t sender = fork();

	bench_expect(vm_plugin_entry.create(host, config, &self, &err), &err);
	for (unsigned i = 0; i < WAKES; i++) {
		if (sender == 0) {
			pause_ms = 150 + (unsigned)random() % 50;
			nanosleep(&(struct timespec){.tv_nsec = pause_ms * 1000000L}, NULL);
			now = bench_seconds(CLOCK_MONOTONIC);
			bench_expect(ops->send(self, &now, sizeof now, 0, NULL, &err), &err);
		} else {
			bench_expect(ops->receive(self, 1, 60000, measure_age, &ages[i], NULL, &err), &err);
		}
	}
	vm_plugin_entry.destroy(self);
	if (sender == 0)
		_exit(0);
	waitpid(sender, NULL, 0);
	qsort(ages, WAKES, sizeof *ages, by_value);
	printf("from send to receive in another process: median %.1f ms, 99 %% %.1f ms, most %.1f ms\n",
	       ages[WAKES / 2] * 1e3, ages[WAKES * 99 / 100] * 1e3, ages[WAKES - 1] * 1e3);
}

static enum vm_more ignore(void *ctx, const struct vm_message *message)
{
	(void)ctx;
	(void)message;
	return VM_MORE;
}

static void idle(void *self)
{
	double begin = bench_seconds(CLOCK_PROCESS_CPUTIME_ID);
	struct vm_error err;

	bench_expect(ops->receive(self, 10, IDLE_SECONDS * 1000, ignore, NULL, NULL, &err), &err);
	printf("waiting for a message costs %.0f ms of CPU in a minute\n",
	       (bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - begin) * 1000 * 60 / IDLE_SECONDS);
}

int main(int argc, char **argv)
{
	struct local_config config = {.visibility = 120000, .max_receives = 20};
	struct vm_host host = {.size = sizeof host, .log = bench_log, .role = "queue.bench"};
	struct vm_error err;
	void *self = NULL;

	if (argc != 2) {
		fprintf(stderr, "usage: bench-queue-local FOLDER\n");
		return EXIT_FAILURE;
	}
	host.state_dir = argv[1];
	ops = vm_plugin_entry.ops.queue;
	wake_up(&host, &config);
	bench_expect(vm_plugin_entry.create(&host, &config, &self, &err), &err);
	bench_run("send", send, self, 1, MESSAGES);
	bench_run("receive one and remove it", receive_remove, self, 1, MESSAGES);
	bench_run("send, receive, remove", all_three, self, 1, MESSAGES);
	bench_run("send, receive, remove", all_three, self, 4, MESSAGES);
	idle(self);
	vm_plugin_entry.destroy(self);
	return EXIT_SUCCESS;
}
