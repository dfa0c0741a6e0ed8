#!/usr/bin/env python3
"""mutate.py - takes one safeguard at a time out of the server; the simulation must notice.

    tests/sim/mutate.py BUILD_FOLDER [--seeds N] [NAME ...]

Each mutation is a piece of source that is replaced. It is compiled into a copy
of test-sim, which must find a history that breaks a promise. What is only
thrift is listed as such, with what it saves: there the simulation must go on
keeping every promise.
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# name, file, what stands there, what stands there instead
CAUGHT = [
    ("neither epoch nor ticket is checked on events", "core/video/step_event.c",
     "	       event->epoch == video->epoch && ticket_is(video->attempt.ticket, event->ticket) &&\n",
     ""),
    ("no ticket check", "core/video/step_event.c",
     "	return difference == 0;", "	return difference <= 255;"),
    ("no claim by the first started", "core/video/step_event.c",
     " &&\n	       (video->attempt.nonce[0] == '\\0' || strcmp(video->attempt.nonce, event->nonce) == 0);",
     ";"),
    ("no epoch check when adopting", "core/video/step_event.c",
     "if (!step_is_active(step->video) || step->input->epoch != step->video->epoch)",
     "if (!step_is_active(step->video))"),
    ("a lost upload is not looked for", "core/video/step_time.c",
     "step->effects->ask_source = video->state == VIDEO_AWAITING_UPLOAD;", ";"),
    ("a forgotten message is not sent again", "core/video/step_time.c",
     "return video->state == VIDEO_QUEUED && forgotten(step) <= step->now_ms;", "return false;"),
    ("the notification is not owed", "core/video/step_time.c",
     "	step->effects->publish = owes_notification(video);\n", ""),
    ("a dead letter is not paid by the sweeper", "core/video/step_time.c",
     "return step->now_ms >= video->visible_ms + RESEND_MS;", "return false;"),
    ("a silent worker is never given up", "core/video/step_task.c",
     "} else if (step->now_ms > attempt->grace_ms) {", "} else if (step->now_ms < 0) {"),
    ("losers are not cleaned up after", "core/video/machine.c",
     "	video->clean_ms = step->now_ms + (int64_t)step->rules->lease_ms;\n", ""),
    ("the cleaner removes what later epochs write", "core/server/clean.c",
     "return epoch_of(victims, key) <= video->epoch;", "return true;"),
    ("the cleaner removes the visible result", "core/server/clean.c",
     "if (victims->kept > 0 && ", "if (video->epoch == UINT64_MAX && "),
    ("documents are stored without compare-and-set", "core/server/documents.c",
     "	status = meta_put(meta, video->id, video->version, text, strlen(text), call, err);",
     "	{\n		struct buffer now;\n		uint64_t version = video->version;\n\n"
     "		buffer_init(&now, DOCUMENT_BYTES_MAX);\n"
     "		(void)meta_get(meta, video->id, &now.sink, &version, call, NULL);\n"
     "		buffer_finish(&now);\n"
     "		status = meta_put(meta, video->id, version, text, strlen(text), call, err);\n	}"),
    ("the video is promised before it is stored", "core/server/videos.c",
     "	if ((status = document_store(server->places.meta, &video, call, err)) != VM_OK)\n		return status;\n	server->counters.videos_created++;",
     "	status = document_store(server->places.meta, &video, call, err);\n	(void)status;\n	server->counters.videos_created++;"),
    ("the worker publishes the manifest before its outputs", "tests/sim/worker.c",
     "for (int n = 0; status == VM_OK && n < 2; n++)", "for (int n = 0; status == VM_OK && n < 2; n++)\n		if (n == 1)\n			manifest_add(&manifest, &(struct manifest_output){.name = \"web/b.mp4\", .sha256 = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}, NULL);\n		else"),
    ("attempts are not counted", "core/video/step_event.c",
     "	video->attempts++;\n	step_end_attempt(step, ATTEMPT_FAILED, error, reason);",
     "	step_end_attempt(step, ATTEMPT_FAILED, error, reason);"),
]

# The same, for what only saves work: name, file, old, new, what it saves.
THRIFT = [
    ("no epoch check on events", "core/video/step_event.c",
     "	       event->epoch == video->epoch && ticket_is", "	       ticket_is",
     "nothing: the ticket is new with every epoch"),
    ("the epoch is not counted up when work is lost", "core/video/step_task.c",
     "	video->epoch++;\n	step_try_again", "	step_try_again",
     "nothing: the next launch counts it up as well"),
    ("no epoch check on task status", "core/video/step_task.c",
     "return step_is_active(step->video) && step->input->epoch == step->video->epoch;",
     "return step_is_active(step->video);",
     "an attempt that was not lost"),
    ("an owed message is not remembered", "core/video/machine.c",
     "	video->message_owed = true;\n", "",
     "a quarter of an hour after a crash"),
    ("a task that is gone is not noticed", "core/video/step_task.c",
     "	if (!step->input->task_alive) {", "	if (step->now_ms < 0) {",
     "two leases of waiting"),
    ("an event is removed before it is stored", "core/server/collector.c",
     "	server->counters.events_received++;\n	status = videos_step",
     "	server->counters.events_received++;\n	if (clock_monotonic_ms() % 10 == 0)\n		return VM_OK;\n	status = videos_step",
     "the attempts whose last word is lost"),
    ("messages in work are not hidden by the worker", "tests/sim/worker.c",
     "	if (attempt->holds_message &&", "	if (world.now_ms < 0 &&",
     "a receive for every visibility period"),
    ("the message is not hidden at launch", "core/server/dispatcher.c",
     "if (queue_extend(queue, message->receipt, effects->message_ms, call, err) != VM_OK)",
     "if (message == NULL)", "a receive for every launch"),
    ("the worker does not remove its message", "tests/sim/worker.c",
     "	if (insist(attempt, event) && attempt->job.receipt[0] != '\\0')", "	if (insist(attempt, event) && world.now_ms < 0)",
     "a receive for every video"),
    ("finished work of a dead worker is not adopted", "core/server/manifests.c",
     "	if (video->attempt.nonce[0] == '\\0')\n		return false;", "	return false;",
     "the whole work of an attempt"),
    ("the manifest replaces one that is there", "tests/sim/worker.c",
     "strlen(text), true, NULL);", "strlen(text), false, NULL);",
     "nothing: the nonce makes the key the attempt's own"),
]


def compile_commands(build):
    import json
    with open(os.path.join(build, "compile_commands.json")) as file:
        return {os.path.relpath(c["file"], ROOT): c for c in json.load(file)
                if "/CMakeFiles/vm-" in c["command"] or "test-sim" in c["command"]}


def build_mutant(build, commands, path, old, new, folder):
    """Compiles the changed file and links it in front of the libraries that have the original."""
    with open(os.path.join(ROOT, path)) as file:
        source = file.read()
    if source.count(old) != 1:
        sys.exit(f"{path}: the text to be mutated stands there {source.count(old)} times:\n{old}")
    changed = os.path.join(folder, os.path.basename(path))
    with open(changed, "w") as file:
        file.write(source.replace(old, new))
    command = commands[path]
    words = command["command"].split()
    target = os.path.join(folder, "mutant.o")
    words[words.index("-o") + 1] = target
    words[-1] = changed
    words = [w for w in words if w != "-Werror"] + ["-w", "-I" + os.path.dirname(os.path.join(ROOT, path))]
    subprocess.run(words, cwd=command["directory"], check=True)
    link = subprocess.run(["ninja", "-C", build, "-t", "commands", "tests/bin/test-sim"],
                          check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    line = link.removeprefix(": && ").removesuffix(" && :").split()
    program = os.path.join(folder, "test-sim")
    line[line.index("-o") + 1] = program
    own = [i for i, w in enumerate(line) if w.endswith("/" + os.path.basename(path) + ".o")]
    if own:
        line[own[0]] = target
    else:
        line.insert(line.index("-o"), target)
    subprocess.run(line, cwd=build, check=True)
    return program


def breaks(program, seeds):
    run = subprocess.run([program, "--seeds", str(seeds)], capture_output=True, text=True)
    lines = [l for l in run.stderr.splitlines() if "breaks" in l or "signal" in l]
    return run.returncode != 0, lines[0] if lines else ""


def main():
    words = sys.argv[1:]
    seeds = 1000
    if "--seeds" in words:
        at = words.index("--seeds")
        seeds = int(words[at + 1])
        del words[at:at + 2]
    if not words:
        sys.exit(__doc__)
    build, names = os.path.abspath(words[0]), words[1:]
    commands = compile_commands(build)
    wrong = passed = 0
    for name, path, old, new, *saves in CAUGHT + THRIFT:
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            broken, line = breaks(build_mutant(build, commands, path, old, new, folder),
                                  200 if saves else seeds)
        ok = broken != bool(saves)
        wrong, passed = wrong + (not ok), passed + ok
        if saves:
            print(f"{'thrift' if ok else 'WRONG '}  {name}: saves {saves[0]}{'' if ok else ': ' + line}")
        else:
            print(f"{'caught' if ok else 'MISSED'}  {name}{': ' + line if line else ''}", flush=True)
    print(f"{passed} passed, {wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
