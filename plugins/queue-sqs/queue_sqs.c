/* queue_sqs.c - the plugin queue-sqs: a queue of Amazon SQS, or of what speaks like it. */
#include <stdlib.h>
#include <string.h>

#include "sqs.h"

static const struct vm_option options[] = {
    {.name = "queue",
     VM_STRING(struct sqs_config, queue),
     .flags = VM_REQUIRED,
     .doc = "Name of the queue, or its URL."},
    {.name = "dead_letters",
     VM_STRING(struct sqs_config, dead_letters),
     .flags = VM_REQUIRED,
     .doc = "Name of the queue that its dead letters go to, or its URL."},
    {.name = "visibility",
     VM_DURATION(struct sqs_config, visibility),
     .fallback = "2m",
     .min = 1000,
     .max = INT64_C(12) * 3600000,
     .doc = "How long a received message stays hidden unless it is extended."},
    {.name = "max_receives",
     VM_INT(struct sqs_config, max_receives),
     .fallback = "20",
     .min = 1,
     .max = 1000,
     .doc = "A message received more often than this goes to the dead letters."},
    {.name = "alarms",
     VM_BOOL(struct sqs_config, alarms),
     .fallback = "true",
     .doc = "For `vidmill provision`: CloudWatch alarms for dead letters and for old messages."},
    AWS_OPTIONS(struct sqs_config, aws),
    {0},
};

/* Developer Guide, "Queue quotas": 80 letters, digits, - and _. No order is needed: no .fifo. */
static bool is_queue(const char *name)
{
	size_t length = strspn(name,
	                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	if (strncmp(name, "https://", 8) == 0 || strncmp(name, "http://", 7) == 0)
		return strlen(name) < SQS_URL_MAX;
	return length > 0 && length <= 80 && name[length] == '\0';
}

static int check(const void *config, struct vm_error *err)
{
	const struct sqs_config *sqs = config;
	const char *const names[] = {sqs->queue, sqs->dead_letters};

	for (size_t i = 0; i < 2; i++)
		if (!is_queue(names[i]))
			return vm_fail(err, VM_ERR_CONFIG,
			               "%s \"%.100s\": at most 80 letters, digits, '-' and '_', or a URL",
			               i == 0 ? "queue" : "dead_letters", names[i]);
	if (strcmp(sqs->queue, sqs->dead_letters) == 0)
		return vm_fail(err, VM_ERR_CONFIG, "dead_letters is the queue itself: name another one");
	return aws_config_check(&sqs->aws, err);
}

static void destroy(void *self)
{
	struct sqs *sqs = self;

	if (sqs == NULL)
		return;
	aws_client_destroy(sqs->client);
	pthread_mutex_destroy(&sqs->lock);
	free(sqs);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	static const struct aws_service service = {.name = "sqs"};
	struct sqs *sqs = calloc(1, sizeof *sqs);
	int status;

	if (sqs == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&sqs->lock, NULL);
	sqs->config = config;
	sqs->host = host;
	status = aws_client_create(&service, &sqs->config->aws, host, &sqs->client, err);
	if (status != VM_OK)
		goto fail;
	*self = sqs;
	return VM_OK;

fail:
	destroy(sqs);
	return status;
}

/* Both queues are there, and these keys may look at them. */
static int connect_sqs(void *self, const struct vm_call *call, struct vm_error *err)
{
	struct vm_queue_stats stats;

	return sqs_stats(self, &stats, call, err);
}

static void traits(void *self, struct vm_queue_traits *out)
{
	const struct sqs *sqs = self;

	out->max_receives = (uint32_t)sqs->config->max_receives;
	out->visibility_ms = sqs->config->visibility;
	out->extend_max_ms = SQS_HIDDEN_MOST_MS;
	out->delay_max_ms = SQS_DELAY_MOST_MS;
	out->message_bytes_max = SQS_BODY_MOST;
}

static const struct vm_queue_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .send = sqs_send,
    .receive = sqs_receive,
    .extend = sqs_extend,
    .remove = sqs_remove,
    .dead_letter = sqs_dead_letter,
    .stats = sqs_stats,
    .list_dead = sqs_list_dead,
    .redrive = sqs_redrive,
    .remove_dead = sqs_remove_dead,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_QUEUE),
    .name = "queue-sqs",
    .version = "0.1.0",
    .summary = "A queue of Amazon SQS with its dead letters, or of what speaks like it.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct sqs_config),
    .ops.queue = &ops,
    .check = check,
    .create = create,
    .destroy = destroy,
    .connect = connect_sqs,
    .provision = sqs_provision,
    .permissions = sqs_permissions,
};
