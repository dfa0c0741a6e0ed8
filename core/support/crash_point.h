/* crash_point.h - the named places at which a test can end the process; nothing in other builds. */
#ifndef SUPPORT_CRASH_POINT_H
#define SUPPORT_CRASH_POINT_H

/*
 * Each stands behind one durable step: what its sentence says has happened and
 * survives, what comes next has not happened yet. tests/fault/crash kills at
 * every one of them.
 */
#define CRASH_POINTS(X)                                                                            \
	/* what clients send and ask */                                                                \
	X(SERVER_VIDEO_STORED, "the video is stored; nobody was told its upload URL")                  \
	X(SERVER_UPLOAD_BEGUN, "an upload in parts is begun in storage")                               \
	X(SERVER_UPLOAD_PART_STORED, "a part of the source is stored")                                 \
	X(SERVER_SOURCE_STORED, "the source is an object; its document does not know")                 \
	X(SERVER_SOURCE_FOUND, "the source was found in storage; nothing is noted of it")              \
	X(SERVER_QUEUED_STORED, "the video is queued; its task message is owed")                       \
	X(SERVER_MESSAGE_SENT, "the task message is in its queue; the document still owes it")         \
	X(SERVER_MESSAGE_NOTED, "the document owes no task message any more")                          \
	X(SERVER_UPLOAD_UNANSWERED, "the upload is received and queued; the client has no answer")     \
	X(SERVER_INBOX_MOVED, "a file of the inbox is claimed for its video, and not stored")          \
	X(SERVER_INBOX_STORED, "a file of the inbox is a queued video, and not removed")               \
	X(SERVER_CANCELED_STORED, "the video is canceled; its task was not stopped")                   \
	X(SERVER_RETRY_STORED, "the next generation is queued; its task message is owed")              \
	X(SERVER_REDRIVE_STORED, "the failed video is queued again; its dead letter did not move")     \
	X(SERVER_LETTER_MOVED, "the dead letter is a task message again; the document owes its move")  \
	X(SERVER_LETTER_MOVE_NOTED, "the redriven video owes nothing; the client has no answer")       \
	X(SERVER_REMOVAL_STORED, "removal is asked for; nothing is removed")                           \
	/* dispatcher */                                                                               \
	X(SERVER_MESSAGE_RECEIVED, "a task message is in hand, hidden from everybody else")            \
	X(SERVER_DISPATCHED_STORED, "the epoch is given out; nobody was started for it")               \
	X(SERVER_MESSAGE_HIDDEN, "the message is hidden past the dispatch deadline")                   \
	X(SERVER_TASK_STARTED, "compute has started the task; the document does not name it")          \
	X(SERVER_TASK_NOTED, "the document names the task")                                            \
	X(SERVER_TASK_REFUSED_STORED, "compute had no room; the video is queued again")                \
	X(SERVER_TASK_FAILED_STORED, "compute refused the task; the failure is counted")               \
	X(SERVER_MESSAGE_PUT_OFF, "a message that came too early is hidden again")                     \
	X(SERVER_MESSAGE_REMOVED, "a message that nobody needs is removed")                            \
	X(SERVER_LETTER_WRITTEN, "the dead letter is written; the document still owes it")             \
	X(SERVER_LETTER_PAID, "the document owes no dead letter any more")                             \
	/* collector */                                                                                \
	X(SERVER_EVENT_RECEIVED, "an event is in hand, and not stored")                                \
	X(SERVER_STARTED_STORED, "the attempt has claimed its epoch; its event is still queued")       \
	X(SERVER_LEASE_RENEWED, "the lease is renewed; the event is still queued")                     \
	X(SERVER_PROCESSED_STORED, "the result is visible; nobody was notified")                       \
	X(SERVER_FAILED_STORED, "the video has failed and owes its dead letter; nobody was notified")  \
	X(SERVER_TRY_AGAIN_STORED, "a failed attempt is counted and the video is queued again")        \
	X(SERVER_RELEASED_STORED, "a released attempt is noted and the video is queued again")         \
	X(SERVER_EVENT_REMOVED, "a stored event is out of its queue")                                  \
	X(SERVER_OUTBOX_PUBLISHED, "the outcome was told; the outbox does not know")                   \
	X(SERVER_OUTBOX_MARKED, "the outbox is empty")                                                 \
	/* sweeper and watcher */                                                                      \
	X(SERVER_TICK_STORED, "the sweeper has seen what is due; nothing of it is done")               \
	X(SERVER_UNHEARD_STORED, "another task message is owed, for one that nobody can receive")      \
	X(SERVER_EXPIRED_STORED, "an upload that never came is given up")                              \
	X(SERVER_LETTER_FOUND_STORED, "a message that died by itself has failed its video")            \
	X(SERVER_GRACE_STORED, "a silent task is given a grace")                                       \
	X(SERVER_LOST_STORED, "the work is taken away from a task that is gone or silent")             \
	X(SERVER_STOP_SENT, "compute was asked to end the task of a loser; the document owes it")      \
	X(SERVER_STOP_NOTED, "the document knows that the task of a loser was to end")                 \
	X(SERVER_ADOPTED_STORED, "the finished work of an attempt that lost its word is visible")      \
	X(SERVER_LEFT_OVER_REMOVED, "one object or upload of a loser is removed, others are not")      \
	X(SERVER_CLEANED_STORED, "the document knows that all left-overs are gone")                    \
	X(SERVER_DOCUMENT_REMOVED, "a removed video is gone")                                          \
	X(SERVER_DRAIN_STOP_SENT, "a draining server has asked a task to hand its work back")          \
	/* worker */                                                                                   \
	X(WORKER_BEGUN, "the worker runs and has told nobody")                                         \
	X(WORKER_STARTED_SENT, "`started` is in its queue")                                            \
	X(WORKER_MESSAGE_EXTENDED, "the heartbeat has hidden the task message for longer")             \
	X(WORKER_PROGRESS_SENT, "the heartbeat's `progress` is in its queue")                          \
	X(WORKER_CHILD_STARTED, "a codec child is there and waits for its first command")              \
	X(WORKER_PROBED, "the source is probed")                                                       \
	X(WORKER_UPLOAD_BEGUN, "an output in parts is begun in storage")                               \
	X(WORKER_PART_STORED, "a part of an output is stored")                                         \
	X(WORKER_HEAD_STORED, "part one of an output is stored, as the last of its parts")             \
	X(WORKER_OUTPUT_STORED, "an output is an object, named by no manifest")                        \
	X(WORKER_OUTPUTS_MADE, "all outputs of a stage are objects")                                   \
	X(WORKER_OUTPUTS_VERIFIED, "all outputs of a stage were opened again and are good")            \
	X(WORKER_MANIFEST_STORED, "the manifest is stored; nobody knows of it")                        \
	X(WORKER_SUCCEEDED_SENT, "`succeeded` is in its queue; the task message is hidden")            \
	X(WORKER_MESSAGE_REMOVED, "the task message of finished work is removed")                      \
	X(WORKER_FAILED_SENT, "`failed` is in its queue; the task message is hidden")                  \
	X(WORKER_RELEASED_SENT, "`released` is in its queue; the task message is hidden")              \
	X(WORKER_MESSAGE_GIVEN_BACK, "the task message can be received again")

#define CRASH_NUMBER(name, sentence) CRASH_##name,

enum crash_point { CRASH_NOWHERE = 0, CRASH_POINTS(CRASH_NUMBER) };

/*
 * The environment says where and how, and hands it on to workers:
 *
 *	VIDMILL_CRASH='SERVER_TASK_NOTED kill 1,2 FOLDER'
 *
 * Each time that any process comes by the point it makes the next of the files
 * FOLDER/1, FOLDER/2, … with its process id in it; where the number is one of
 * those listed, it does to itself what is said: kill (SIGKILL), term (SIGTERM,
 * and goes on), stop (SIGSTOP, and goes on when it is continued) or exit.
 */
#ifdef VIDMILL_CRASH_POINTS
#define CRASH_POINT(name) crash_point(CRASH_##name)
void crash_point(enum crash_point point); /* [any thread] */
#else
#define CRASH_POINT(name) ((void)0)
#endif

#endif
