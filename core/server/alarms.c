/* alarms.c - the state of each alarm: raised and cleared, told once. */
#include "server/alarms.h"

#include <pthread.h>
#include <stdlib.h>

#include "server/judge.h"
#include "server/loops.h"
#include "support/clock.h"
#include "support/log.h"

#define LOOK_EVERY_MS 5000

static const struct {
	const char *name, *page, *metric, *help;
	judge_fn *judge;
} kinds[ALARM_END] = {
    [ALARM_DEAD_LETTERS] = {"dead_letters", "dead-letters", "dead_letters",
                            "Dead letters of both queues.", judge_dead_letters},
    [ALARM_STUCK_VIDEOS] = {"stuck_videos", "stuck-videos", "videos_stuck",
                            "Videos past what was due, though the sweeper ran.",
                            judge_stuck_videos},
    [ALARM_SWEEPER] = {"sweeper", "sweeper", "sweep_age_seconds",
                       "Time since the sweeper last finished a pass.", judge_sweeper},
    [ALARM_QUEUE_AGE] = {"queue_age", "queue-age", "queue_waiting_seconds",
                         "How long the oldest video waits for a task, or event to be read.",
                         judge_queue_age},
    [ALARM_INCOMPLETE] = {"incomplete_videos", "incomplete-videos", "videos_incomplete",
                          "Processed videos that were found incomplete: must be 0.",
                          judge_incomplete},
};

struct alarms {
	pthread_mutex_t lock; /* of `states` */
	struct alarm states[ALARM_END];
	struct judge_memory memory; /* of the thread that judges */
};

int alarms_create(struct alarms **out, struct vm_error *err)
{
	struct alarms *alarms = calloc(1, sizeof *alarms);

	if (alarms == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&alarms->lock, NULL);
	alarms->memory.started_ms = clock_monotonic_ms();
	*out = alarms;
	return VM_OK;
}

void alarms_destroy(struct alarms *alarms)
{
	if (alarms == NULL)
		return;
	pthread_mutex_destroy(&alarms->lock);
	free(alarms);
}

static void tell(enum alarm_kind kind, const struct alarm *before, const struct alarm *now)
{
	if (now->raised && !before->raised)
		log_warning("alarm %s: %s; see docs/failures/%s.md", kinds[kind].name, now->detail,
		            kinds[kind].page);
	if (!now->raised && before->raised)
		log_info("alarm %s is over", kinds[kind].name);
}

void alarms_judge(struct server *server)
{
	struct alarms *alarms = server->alarms;

	for (enum alarm_kind kind = 1; kind < ALARM_END; kind++) {
		struct alarm before, now = {0};

		if (!kinds[kind].judge(server, &alarms->memory, &now))
			continue;
		alarms_read(alarms, kind, &before);
		if (now.raised)
			now.since_ms = before.raised ? before.since_ms : clock_unix_ms();
		pthread_mutex_lock(&alarms->lock);
		alarms->states[kind] = now;
		pthread_mutex_unlock(&alarms->lock);
		tell(kind, &before, &now);
	}
}

void *alarms_loop(void *ctx)
{
	struct server *server = ctx;

	while (cancel_sleep_ms(server->stop, LOOK_EVERY_MS))
		alarms_judge(server);
	return NULL;
}

const char *alarm_name(enum alarm_kind kind)
{
	return kinds[kind].name;
}

const char *alarm_metric(enum alarm_kind kind)
{
	return kinds[kind].metric;
}

const char *alarm_help(enum alarm_kind kind)
{
	return kinds[kind].help;
}

void alarms_read(struct alarms *alarms, enum alarm_kind kind, struct alarm *out)
{
	pthread_mutex_lock(&alarms->lock);
	*out = alarms->states[kind];
	pthread_mutex_unlock(&alarms->lock);
}

json_t *alarms_to_json(struct alarms *alarms)
{
	json_t *list = json_array();

	for (enum alarm_kind kind = 1; list != NULL && kind < ALARM_END; kind++) {
		struct alarm alarm;

		alarms_read(alarms, kind, &alarm);
		if (alarm.raised &&
		    json_array_append_new(list, json_pack("{ss ss sI}", "name", kinds[kind].name, "detail",
		                                          alarm.detail, "since_ms",
		                                          (json_int_t)alarm.since_ms)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
