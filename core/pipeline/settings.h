/* settings.h - what the host itself reads from a pipeline file: policy and server. */
#ifndef PIPELINE_SETTINGS_H
#define PIPELINE_SETTINGS_H

#include <vidmill/codec.h>
#include <vidmill/option.h>

/* policy.limits: what one source may cost. */
struct limit_settings {
	uint64_t duration_ms;
	const char *pixels; /* "7680x4320"; read into vm_limits by pipeline_read */
	uint64_t bytes;     /* of the source */
	uint64_t cpu_ms;    /* of the codec child */
	uint64_t memory_bytes;
	int64_t streams;
	int64_t frames;
	uint64_t output_bytes;
};

enum ingest { INGEST_ISSUED = 0, INGEST_ANY = 1 }; /* the index of the choice */

struct policy {
	int64_t attempts; /* failures after which a video has failed */
	int64_t releases; /* hand-backs that are not counted as attempts */
	uint64_t backoff_ms, backoff_max_ms;
	uint64_t lease_ms;
	bool keep_source;
	int ingest; /* enum ingest */
	struct limit_settings limits;
	struct vm_limits codec_limits; /* derived from limits */
};

/* server.alarms: from where on a person is to look. */
struct alarm_settings {
	int64_t dead_letters; /* so many; 0: never */
	uint64_t stuck_ms;    /* a video this long past what was due */
	uint64_t sweeper_ms;  /* no pass of the sweeper for so long */
	uint64_t queue_age_ms;
	uint64_t audit_ms; /* how often one processed video is audited; 0: never */
};

struct server_settings {
	const char *listen;     /* "127.0.0.1:8080", "[::1]:8080" */
	const char *public_url; /* of the API as clients see it; NULL: http:// and `listen` */
	const char *tokens;     /* secret; NULL: no token is asked for, allowed on loopback only */
	const char *upload_key; /* secret; signs upload URLs; NULL: made once in the state folder */
	uint64_t upload_expires_ms;
	uint64_t upload_bytes_max; /* body of one upload; 0: limits.bytes */
	const char *inbox;         /* folder, relative to the state folder; NULL: none */
	uint64_t drain_ms;         /* SIGTERM: how long work in hand may go on */
	struct alarm_settings alarms;
};

/* The tables that option_bind and the documentation read; the defaults stand there. */
extern const struct vm_option policy_options[];
extern const struct vm_option limit_options[];
extern const struct vm_option server_options[];
extern const struct vm_option alarm_options[];

#endif
