"""mutations.py - what is taken out of vidmill, one safeguard at a time, and what must come of it."""


class Mutation:
    """`edits` is a list of (file, what stands there once, what stands there instead)."""

    def __init__(self, name, *edits):
        self.name, self.edits = name, edits


class Caught(Mutation):
    """A promise rests on it: the simulation must break one. `stumble` is the call at which much
    time is lost, where the safeguard is for a race that is found only there. What needs more than
    some hundred histories all the same is `rare`, and left out of a sample."""

    def __init__(self, name, *edits, stumble=None, rare=False):
        super().__init__(name, *edits)
        self.stumble, self.rare = stumble, rare


class Spare(Mutation):
    """Another safeguard does the same: every promise is kept. `other` says which."""

    def __init__(self, name, other, *edits):
        super().__init__(name, *edits)
        self.other = other


class Thrift(Mutation):
    """Every promise is kept, and `figure` of the tally becomes `least` times as large or more."""

    def __init__(self, name, figure, least, *edits):
        super().__init__(name, *edits)
        self.figure, self.least = figure, least


EVENT = "core/video/step_event.c"
MESSAGE = "core/video/step_message.c"
REQUEST = "core/video/step_request.c"
TASK = "core/video/step_task.c"
TIME = "core/video/step_time.c"
MACHINE = "core/video/machine.c"
CLEAN = "core/server/clean.c"
COLLECTOR = "core/server/collector.c"
DISPATCHER = "core/server/dispatcher.c"
DOCUMENTS = "core/server/documents.c"
EFFECTS = "core/server/effects.c"
LAUNCH = "core/server/launch.c"
LETTERS = "core/server/letters.c"
MANIFESTS = "core/server/manifests.c"
SWEEPER = "core/server/sweeper.c"
VIDEOS = "core/server/videos.c"
WATCHER = "core/server/watcher.c"
CLIENT = "tests/sim/clients.c"
WORKER = "tests/sim/worker.c"

# Pieces that stand in more than one mutation.
EVENT_EPOCH = (EVENT, "event->epoch == video->epoch && ticket_is", "ticket_is")
TICKET = (EVENT, "return difference == 0;", "return difference <= 255;")
CLEAN_LATER = (MACHINE, "video->clean_ms = step->now_ms + (int64_t)step->rules->lease_ms;",
               "video->clean_ms = step->now_ms;")
CLEAN_AGAIN = (TIME, "if (video->epoch > 0 && step->now_ms < video->finished_ms + CLEAN_AGAIN_MS)",
               "if (step->now_ms < 0)")
CLEAN_AFTER = (EVENT, "		clean_after(step);\n", "")
PINNED = (WORKER, "return strcmp(etag, attempt->job.etag) == 0 ? VM_OK : VM_ERR_CONFLICT;",
          "return VM_OK;")
FORGOTTEN = (TIME, "return video->state == VIDEO_QUEUED && forgotten(step) <= step->now_ms;",
             "return false;")
UNHEARD = (SWEEPER, "		find_unheard(server);\n", "		(void)find_unheard;\n")
WRITTEN_ONCE = (CLIENT, '(void)object_put(key, "second", 6, true, NULL);',
                '(void)object_put(key, "second", 6, false, NULL);')

EPOCHS = [
    Caught("an event is believed of any epoch, with any ticket", EVENT_EPOCH, TICKET),
    Caught("an event is believed without its ticket", TICKET),
    Caught("the ticket is the same for every attempt",
           (MESSAGE, '"%s", step->input->fresh_ticket);', '"%032d", 0);')),
    Caught("the first word does not claim the epoch",
           (EVENT, " &&\n	       (video->attempt.nonce[0] == '\\0' || "
            "strcmp(video->attempt.nonce, event->nonce) == 0);", ";")),
    Spare("an event is believed of any epoch", "the ticket, new with every epoch", EVENT_EPOCH),
    Spare("an event is believed of any generation", "the epoch, which no generation uses again",
          (EVENT, "event->generation == video->generation &&", "")),
    Caught("work of another epoch is adopted",
           (EVENT, "if (!step_is_active(step->video) || step->input->epoch != step->video->epoch)",
            "if (!step_is_active(step->video))"), stumble="meta.put"),
    Spare("a manifest that names another epoch is adopted", "its key, which holds the epoch",
          (MANIFESTS, " && manifest.epoch == video->epoch;", ";")),
    Caught("a task of another epoch is noted as started",
           (TASK, "if (!is_present(step)) {\n		/* Taken",
            "if (!step_is_active(step->video)) {\n		/* Taken")),
    Caught("compute's refusal of another epoch counts",
           (TASK, "if (!is_present(step) || video->state != VIDEO_DISPATCHED || video->attempt.task[0] "
            "!= '\\0')\n		return;\n	/* Nothing runs",
            "if (video->state != VIDEO_DISPATCHED || video->attempt.task[0] "
            "!= '\\0')\n		return;\n	/* Nothing runs"), stumble="compute.start"),
    Caught("a start of another epoch that failed counts",
           (TASK, "if (!is_present(step) || video->state != VIDEO_DISPATCHED || video->attempt.task[0] "
            "!= '\\0')\n		return;\n	video->attempts++;",
            "if (video->state != VIDEO_DISPATCHED || video->attempt.task[0] "
            "!= '\\0')\n		return;\n	video->attempts++;"), stumble="compute.start", rare=True),
    Caught("the end of another epoch's task counts",
           (TASK, "if (!is_present(step) || !step->input->events_drained)",
            "if (!step_is_active(video) || !step->input->events_drained)"),
           stumble="compute.status"),
    Caught("the cleaner removes what later epochs write",
           (CLEAN, "return epoch_of(victims, key) <= video->epoch;", "return true;"),
           stumble="meta.put", rare=True),
    Caught("a launch does not count the epoch up",
           (MESSAGE, "	video->epoch++;\n	video->attempt =", "	video->attempt =")),
    Spare("a loss does not count the epoch up", "the next launch, which counts it up as well",
          (TASK, "	video->epoch++;\n	if (taken_away)", "	if (taken_away)")),
    Spare("a cancel does not count the epoch up", "the attempt, which goes with its ticket",
          (MACHINE, "	video->epoch++;\n", "")),
    Caught("a retry is no new generation", (REQUEST, "	video->generation++;\n", "")),
    Caught("the token of a start does not hold the epoch",
           (MACHINE, "video->id, video->generation, video->epoch);",
            "video->id, video->generation, (uint64_t)1);")),
]

ORDERS = [
    Caught("documents are stored without compare-and-set",
           (DOCUMENTS, "	status = meta_put(meta, video->id, video->version,",
            "	struct buffer now;\n	buffer_init(&now, DOCUMENT_BYTES_MAX);\n"
            "	(void)meta_get(meta, video->id, &now.sink, &video->version, call, NULL);\n"
            "	buffer_finish(&now);\n"
            "	status = meta_put(meta, video->id, video->version,")),
    Caught("a video is promised before it is stored",
           (VIDEOS, "if ((status = document_store(server->places.meta, &video, call, err)) != VM_OK)",
            "if ((status = document_store(server->places.meta, &video, call, err)) == VM_ERR_BUG)")),
    Caught("a video is queued before its source was seen",
           (EFFECTS, "	if (status == VM_ERR_NOT_FOUND) {\n		input.type = INPUT_SOURCE_ABSENT;",
            "	if (status == VM_ERR_NOT_FOUND) {\n"
            "		snprintf(input.source.etag, sizeof input.source.etag, \"none\");")),
    Caught("the task is started before the document says so",
           (DISPATCHER, "	if (status == VM_OK)\n		status = videos_step(server, arrival->video, "
            "&input,",
            "	if (status == VM_OK && video.state == VIDEO_QUEUED) {\n		video.epoch++;\n"
            "		random_hex(video.attempt.ticket, 16);\n"
            "		launch_task(server, &video, message->receipt, call);\n	}\n"
            "	if (status == VM_OK)\n		status = videos_step(server, arrival->video, &input,"),
           (DISPATCHER, "#include \"support/log.h\"",
            "#include \"support/log.h\"\n#include \"support/random.h\"")),
    Caught("a dead letter counts as paid before it lies there",
           (DISPATCHER, "	int status = bury(server, message, reason, call, err);\n\n"
            "	if (status != VM_OK)\n		return status;\n"
            "	return videos_step(server, id, &input, NULL, &effects, call, err);",
            "	int status = videos_step(server, id, &input, NULL, &effects, call, err);\n\n"
            "	return status == VM_OK ? bury(server, message, reason, call, err) : status;")),
    Caught("the notification counts as sent before it is",
           (EFFECTS, "	if (effects->changed)\n		feed_tell(server->feed, video);\n", "")),
    Caught("a video is removed before its objects are", CLEAN_AGAIN,
           (EFFECTS, "if (clean_video(server, video, call, &err) == VM_OK)",
            "if (clean_video(server, video, call, &err) != VM_ERR_BUG)")),
    Caught("a source is removed before it is given up",
           (TIME, "if (step->effects->clean && !step->rules->keep_source &&",
            "if (step->now_ms < 0 &&")),
    Caught("the worker says succeeded before the manifest is there",
           (WORKER, "	if (status == VM_OK)\n		status = object_put(result->manifest_key,",
            "	if (status == VM_OK)\n"
            "		(void)say(attempt, (struct event){.type = EVENT_SUCCEEDED, .result = *result});\n"
            "	if (status == VM_OK)\n		status = object_put(result->manifest_key,")),
    Caught("the worker writes the manifest before the outputs",
           (WORKER, "	for (int n = 0; n < 5 && status != VM_OK; n++)\n"
            "		status = object_put(key, bytes, strlen(bytes), false, NULL);\n"
            "	return status == VM_OK ? manifest_add(manifest, &output, NULL) : status;",
            "	return manifest_add(manifest, &output, NULL);")),
    Caught("a source can be written twice", WRITTEN_ONCE),
    Caught("a source can be written twice, and reads are not pinned", WRITTEN_ONCE, PINNED),
    Spare("reads are not pinned", "the source, which is written once", PINNED),
    Spare("a manifest replaces one that is there", "the nonce, which makes the key an attempt's own",
          (WORKER, "strlen(text), true, NULL);", "strlen(text), false, NULL);")),
]

SWEEPER_DUTIES = [
    Caught("a lost upload is not looked for",
           (TIME, "step->effects->ask_source = video->state == VIDEO_AWAITING_UPLOAD;", ";")),
    Caught("an upload that never came does not expire",
           (TIME, "	step_finish(step, VIDEO_EXPIRED, ERROR_NONE, \"nothing was uploaded in time\");",
            "	(void)video;")),
    Caught("a message that was forgotten or is hidden by a dead process is not sent again", FORGOTTEN,
           UNHEARD),
    Spare("a message that was forgotten is not sent again",
          "the look after videos of which no message waits", FORGOTTEN),
    Caught("a task that was never named is not asked for",
           (WATCHER, "if (now_ms - video->attempt.dispatched_ms <= NAMELESS_MS ||",
            "if (now_ms > 0 ||")),
    Caught("a task that is gone is not noticed",
           (TASK, "	if (!step->input->task_alive) {", "	if (step->now_ms < 0) {")),
    Caught("a silent worker is never given up",
           (TASK, "} else if (seen_ms > attempt->grace_ms) {",
            "} else if (step->now_ms < 0) {")),
    Caught("a lease is judged before the events were read",
           (TASK, "if (!is_present(step) || !step->input->events_drained)",
            "if (!is_present(step))")),
    Caught("a worker is gone since it was silent",
           (WATCHER, " && watch->suspects[i].of == of)", ")"), stumble="queue.send", rare=True),
    Caught("the notification is not owed",
           (TIME, "	step->effects->publish = owes_notification(video);\n", "")),
    Caught("a dead letter is not paid when its message is lost",
           (TIME, "return step->now_ms >= video->visible_ms + RESEND_MS;", "return false;")),
    Caught("a message that died by itself is told to nobody",
           (SWEEPER, "			letters_sweep(server, &call.vm);\n", "")),
    Caught("nothing is cleaned up",
           (MACHINE, "	video->clean_ms = step->now_ms + (int64_t)step->rules->lease_ms;\n", "")),
    Caught("losers are cleaned up after at once, and not again", CLEAN_LATER, CLEAN_AGAIN,
           CLEAN_AFTER),
    Spare("losers are cleaned up after at once", "the cleaning a day later", CLEAN_LATER),
    Caught("the cleaner removes the visible result",
           (CLEAN, "if (victims->kept > 0 && ", "if (video->epoch == UINT64_MAX && ")),
]

COUNTS = [
    Caught("a failure is not counted",
           (EVENT, "	video->attempts++;\n	step_end_attempt(step, ATTEMPT_FAILED, error, reason);",
            "	step_end_attempt(step, ATTEMPT_FAILED, error, reason);")),
    Caught("a loss is not counted",
           (TASK, "		video->attempts++;\n	step_end_attempt(step, taken_away",
            "		;\n	step_end_attempt(step, taken_away")),
    Caught("a release is counted as a failure",
           (EVENT, "	video->releases++;\n", "	video->attempts++;\n")),
    Caught("a video is handed back without end",
           (EVENT, "if (video->releases >= step->rules->releases_most)", "if (step->now_ms < 0)")),
    Caught("a video is tried without end",
           (MACHINE, "if (video->attempts >= step->rules->attempts_most)", "if (step->now_ms < 0)")),
    Caught("waiting for room is counted as a failure",
           (LAUNCH, "	case VM_ERR_THROTTLED:\n		input->type = INPUT_TASK_REFUSED;\n"
            "		return true;\n", "	case VM_ERR_THROTTLED:\n		input->reason = \"no room\";\n"
            "		input->type = INPUT_TASK_FAILED;\n		input->error = ERROR_CAPACITY;\n"
            "		return true;\n")),
    Caught("the death of a server is counted as a failure",
           (WATCHER, "	    launch_task(watch->server, video, \"\", call))",
            "	    (now_ms <= video->attempt.until_ms &&"
            " launch_task(watch->server, video, \"\", call)))")),
    Caught("a video is launched before it is due",
           (MESSAGE, "if (video->due_ms > step->now_ms)", "if (step->now_ms < 0)")),
    Caught("a video is launched while it is at work",
           (MESSAGE, "		hide_until(step, video->attempt.until_ms + 1000);",
            "		launch(step);")),
]

THRIFT = [
    Thrift("capacity is not asked first", "refused starts", 1.5,
           (DISPATCHER, "server->places.queue_unprocessed, free_tasks,",
            "server->places.queue_unprocessed, 10,"),
           (DISPATCHER, "} else if (free_tasks > 0) {", "} else if (free_tasks + 1 > 0) {")),
    Spare("the message is not hidden at launch", "the worker, which hides it when it begins",
           (DISPATCHER, "if (queue_extend(queue, message->receipt, effects->message_ms, call, err) "
            "!= VM_OK)", "if (message == NULL)")),
    Thrift("the worker does not extend its message", "task receives", 1.01,
           (WORKER, "	if (attempt->holds_message &&", "	if (world.now_ms < 0 &&")),
    Thrift("the worker does not remove its message", "task receives", 1.05,
           (WORKER, "	if (insist(attempt, event) && attempt->job.receipt[0] != '\\0')",
            "	if (insist(attempt, event) && world.now_ms < 0)")),
    Thrift("finished work of a dead worker is not adopted", "attempts lost", 1.03,
           (MANIFESTS, "	if (video->attempt.nonce[0] == '\\0')\n		return false;",
            "	return false;")),
    Thrift("an event is removed before it is stored", "attempts lost", 1.1,
           (COLLECTOR, "		status = queue_remove(queue, message->receipt, call, err);", "		;"),
           (COLLECTOR, "	{\n		struct log_scope scope",
            "	(void)queue_remove(queue, message->receipt, call, NULL);\n"
            "	{\n		struct log_scope scope")),
    Thrift("the task of a lost attempt is not stopped", "worker seconds", 1.02,
           (TASK, "	step_stop(step, video->attempt.task);", "	;")),
    Thrift("the task of a cancelled attempt is not stopped", "worker seconds", 1.01,
           (MACHINE, "		step_stop(step, video->attempt.task);", "		;")),
    Thrift("a living task gets no grace", "attempts lost", 1.05,
           (TASK, "	if (attempt->grace_ms == 0) {", "	if (step->now_ms < 0) {")),
    Thrift("a message that a dead process hides is waited for", "waiting seconds", 1.02, UNHEARD),
    Spare("an owed message is not remembered", "the look after videos of which no message waits",
           (MACHINE, "	video->message_owed = true;\n", "")),
    Thrift("uploads that were lost in a crash are not looked for at start", "waiting seconds", 1.005,
           (SWEEPER, "	find_lost_arrivals(server);\n	while", "	while")),
    Spare("a write whose answer got lost is not looked up", "the next try, which finds it",
           (DOCUMENTS, "	    is_stored(meta, video, text, call))", "	    false)")),
    Thrift("a failure is tried again at once", "launches at once after a failure", 2,
           (MACHINE, "	return step->now_ms + (int64_t)(step->input->random % (bound_ms + 1));",
            "	return step->now_ms;")),
    Spare("the letter is moved before its video is queued", "the sweeper, which sends a message",
           (LETTERS, "	status = videos_step(server, letter->video, &input, &video,",
            "	(void)move(server, letter, moved, call, NULL);\n"
            "	status = videos_step(server, letter->video, &input, &video,")),
]

ALL = EPOCHS + ORDERS + SWEEPER_DUTIES + COUNTS + THRIFT
