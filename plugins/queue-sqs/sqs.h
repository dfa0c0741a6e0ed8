/* sqs.h - the queue and what its files share. */
#ifndef QUEUE_SQS_SQS_H
#define QUEUE_SQS_SQS_H

#include <pthread.h>
#include <vidmill/plugin.h>

#include "aws/endpoint.h"
#include "aws/json.h"

struct sqs_config {
	struct aws_config aws;
	const char *queue;
	const char *dead_letters;
	uint64_t visibility;
	int64_t max_receives;
	bool alarms;
};

/* The two places: the queue itself, and its dead letters. */
enum sqs_place { SQS_QUEUE = 0, SQS_DEAD = 1 };

#define SQS_URL_MAX 512

/* [any thread] All but the URLs is constant after create. */
struct sqs {
	const struct sqs_config *config;
	const struct vm_host *host;
	struct aws_client *client;
	pthread_mutex_t lock;
	char urls[2][SQS_URL_MAX]; /* under the lock; "" until it was asked for */
};

/* Amazon SQS Developer Guide, "Message quotas". */
#define SQS_BATCH_MOST 10
#define SQS_WAIT_MOST_S 20
#define SQS_DELAY_MOST_MS (UINT64_C(15) * 60000)
#define SQS_HIDDEN_MOST_MS (UINT64_C(12) * 3600000)
/* A message had at most 256 KiB until 2025, and has so with other services; a body that is no
 * text takes a third more, and the attributes take some. */
#define SQS_BODY_MOST ((size_t)180 << 10)

/* Attributes of a message, beside its body. */
#define SQS_REASON "vidmill-reason"     /* of a dead letter */
#define SQS_RECEIVES "vidmill-receives" /* how often it had been received when it died */
#define SQS_ENCODING "vidmill-encoding" /* "base64" when the body is no text */

/* Seconds, rounded up: an extend is never shorter than was asked for. */
int64_t sqs_seconds(uint64_t ms);

/* The URL of a place into url[SQS_URL_MAX]: as it is configured, or as the service says. */
int sqs_url(struct sqs *sqs, enum sqs_place place, char *url, const struct vm_call *call,
            struct vm_error *err);

int sqs_create(struct sqs *sqs, const char *name, json_t *attributes, const struct vm_call *call,
               struct vm_error *err);

/* One action on a place. `in` is taken over and gets its QueueUrl; *out may be NULL. */
int sqs_action(struct sqs *sqs, enum sqs_place place, const char *action, const char *what,
               json_t *in, json_t **out, const struct vm_call *call, struct vm_error *err);
/* The same, and the answer may be awaited for so much longer. */
int sqs_action_patient(struct sqs *sqs, enum sqs_place place, const char *action, const char *what,
                       json_t *in, uint64_t patience_ms, json_t **out, struct aws_refusal *refusal,
                       const struct vm_call *call, struct vm_error *err);

/* A receipt that is no good (any more), in the words of any of the services. */
bool sqs_is_stale(const struct aws_refusal *refusal);

/* One message as it was received. */
struct sqs_message {
	const char *id, *receipt;
	char *body; /* its own copy when it was encoded; else borrowed from the JSON */
	size_t length;
	char *decoded; /* to be freed */
	uint32_t receives;
	int64_t sent_ms;
	const char *reason; /* NULL when it has none */
};

/* Reads one entry of an answer; VM_ERR_BAD_DATA when its MD5 is another. */
int sqs_message_read(const json_t *entry, struct sqs_message *out, struct vm_error *err);
void sqs_message_finish(struct sqs_message *message);

/* Sends a body to a place; `attributes` is taken over, and may be NULL. */
int sqs_send_to(struct sqs *sqs, enum sqs_place place, const char *what, const void *body,
                size_t length, uint64_t delay_ms, json_t *attributes, const struct vm_call *call,
                struct vm_error *err);
/* {"DataType": "String", "StringValue": …} with what SQS may not carry left out. */
json_t *sqs_attribute(const char *text);
json_t *sqs_attribute_number(uint64_t number);

/* What a walk does next, and what with the message in hand. */
enum sqs_walk { SQS_KEEP = 1, SQS_REMOVE = 2, SQS_KEEP_AND_STOP = 3, SQS_REMOVE_AND_STOP = 4 };
typedef enum sqs_walk sqs_walk_fn(void *ctx, const struct sqs_message *message, int *status,
                                  struct vm_error *err);

/*
 * Every dead letter, once, at most `max`; SQS shows none without hiding it, so
 * all stay hidden until the walk ends, and are given back then. A status other
 * than VM_OK that the function sets ends the walk.
 */
int sqs_walk_dead(struct sqs *sqs, uint32_t max, const char *what, sqs_walk_fn *each, void *ctx,
                  const struct vm_call *call, struct vm_error *err);

int sqs_send(void *self, const void *body, size_t length, uint64_t delay_ms,
             const struct vm_call *call, struct vm_error *err);
int sqs_receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err);
int sqs_extend(void *self, const char *receipt, uint64_t visibility_ms, const struct vm_call *call,
               struct vm_error *err);
int sqs_remove(void *self, const char *receipt, const struct vm_call *call, struct vm_error *err);
int sqs_dead_letter(void *self, const struct vm_message *message, const char *reason,
                    const struct vm_call *call, struct vm_error *err);
int sqs_stats(void *self, struct vm_queue_stats *out, const struct vm_call *call,
              struct vm_error *err);
int sqs_list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                  const struct vm_call *call, struct vm_error *err);
int sqs_redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                struct vm_error *err);
int sqs_provision(void *self, bool dry_run, vm_say_fn *say, void *ctx, const struct vm_call *call,
                  struct vm_error *err);
int sqs_permissions(void *self, enum vm_party party, vm_say_fn *say, void *ctx,
                    const struct vm_call *call, struct vm_error *err);
int sqs_remove_dead(void *self, const char *id, const struct vm_call *call, struct vm_error *err);

#endif
