"""scenarios.py - what has to happen for each crash point to be reached, and how it must end.

A scenario is a function of a running cell: it brings one video to its right end, through whatever
crash. What its pipeline file says beside promises.PARTS is a function of whether the cell is about
a retry: then an attempt that fails comes before the one that counts.
"""
import os
import signal

from disk import DAY_MS

CLIP = b"duration_ms=1000\n" + b"vidmill " * 500
LARGE = b"duration_ms=1000\n" + b"vidmill " * (9 << 17)
NO_CLIP = b"a shopping list: milk, eggs"


def codec(*steps, options=""):
    script = ", ".join(f"{{ operation = \"run\"; {step} }}" for step in steps)
    return f'name = "web"; plugin = "codec-mock"; any_source = false; {options} ' \
           f"script = ( {script} );"


# The counters of all scripts begin anew with each video of a cell.
FAILS_ONCE = 'call = 1; times = 1; answer = "unavailable";'
SLOW_ONCE = 'call = 1; times = 1; delay = "60s";'


def stage(*steps, options="", tried_before=True):
    """What the codec does; for a retry there is a first attempt that fails."""
    def sections(retry):
        first = (FAILS_ONCE, ) if retry and tried_before else ()
        return {"stage": codec(*first, *steps, options=options)}
    return sections


def happy(cell):
    cell.ends(cell.upload(CLIP), "processed")


def large(cell):
    cell.ends(cell.upload(LARGE), "processed")


def bad_media(cell):
    cell.ends(cell.upload(NO_CLIP), "failed", error="bad_media", letters=1)


def inbox(cell):
    folder = os.path.join(cell.state, "inbox")
    cell.wait(lambda: os.path.isdir(folder), "the inbox")
    known = set(cell.disk.documents())
    with open(os.path.join(folder, ".clip.part"), "wb") as file:
        file.write(CLIP)
    os.rename(os.path.join(folder, ".clip.part"), os.path.join(folder, "clip"))

    def taken():
        new = set(cell.disk.documents()) - known
        return [id for id in new if cell.disk.document(id)["state"] != "awaiting_upload"]
    cell.ends(cell.wait(taken, "the file to be taken")[0], "processed")
    cell.wait(lambda: os.listdir(folder) in ([], [".taken"]), "the inbox to be empty")


def canceled(cell):
    id = cell.upload(CLIP)
    cell.worker_of(id)
    cell.insist("POST", f"/v1/videos/{id}/cancel",
                lambda: cell.disk.document(id)["state"] == "canceled")
    cell.ends(id, "canceled")
    cell.wait(lambda: not cell.workers(), "the worker of the canceled video to end")


def retried(cell):
    id = cell.upload(CLIP)
    cell.ends(id, "processed")
    cell.insist("POST", f"/v1/videos/{id}/retry",
                lambda: cell.disk.document(id)["generation"] == 2)
    cell.ends(id, "processed", generation=2)


def redriven(cell):
    id = cell.upload(CLIP)
    cell.ends(id, "failed", error="bad_media", letters=1)
    cell.insist("POST", "/v1/dead-letters/redrive",
                lambda: cell.disk.document(id)["state"] != "failed")
    cell.ends(id, "processed", letters=-1)


def removed(cell):
    id = cell.upload(CLIP)
    cell.ends(id, "processed")
    cell.insist("DELETE", f"/v1/videos/{id}",
                lambda: not cell.disk.document(id) or cell.disk.document(id).get("remove_asked"))
    cell.is_gone(id)


def expired(cell):
    id = cell.create()
    cell.pass_time(DAY_MS)
    cell.ends(id, "expired")


def duplicate(cell):
    """The same task message twice: the second one meets a living lease, then a finished video."""
    id = cell.upload(CLIP)
    cell.worker_of(id)
    cell.disk.send({"vidmill": "task", "video": id})
    cell.ends(id, "processed")


def unheard(cell):
    """The queue loses the message."""
    with cell.each_message("DELETE FROM messages"):
        id = cell.upload(CLIP)
        cell.wait(lambda: not cell.disk.document(id).get("message_owed"), "the lost message")
    cell.ends(id, "processed")


def buried(cell):
    """The message dies by itself, received too often without an answer."""
    with cell.each_message("UPDATE messages SET receives = 1000"):
        id = cell.upload(CLIP)
        cell.wait(lambda: id in [video for video, _ in cell.disk.letters()], "the letter")
    cell.pass_time(0)  # a server looks through the letters when it starts
    cell.ends(id, "failed", error="queue", letters=1)


def lost(cell):
    id = cell.upload(CLIP)
    os.kill(cell.worker_of(id), signal.SIGKILL)
    cell.ends(id, "processed")


def silent(cell):
    """The worker stops, and goes on when its work was given to another."""
    id = cell.upload(CLIP)
    worker = cell.worker_of(id)
    os.kill(worker, signal.SIGSTOP)
    epoch = cell.disk.document(id)["epoch"]
    cell.wait(lambda: cell.disk.document(id)["epoch"] > epoch, "the work to be taken away")
    try:
        os.kill(worker, signal.SIGCONT)
    except ProcessLookupError:
        pass
    cell.ends(id, "processed")


def drained(cell):
    id = cell.upload(CLIP)
    cell.worker_of(id)
    cell.end(signal.SIGTERM)
    cell.ends(id, "processed")


def refused(answer, times):
    """By compute. For want of room dispatcher and watcher ask five times each, side by side: after
    nine refusals one of them has had its five."""
    compute = f'plugin = "compute-mock"; script = ( {{ operation = "start"; times = {times}; ' \
              f'answer = "{answer}"; }} );'
    return lambda retry: {"stage": codec(), "compute": compute}


def speechless(retry):
    """The worker dies when it sends its last word."""
    queue = 'unprocessed = { plugin = "queue-local"; }; processed = { plugin = "queue-mock"; ' \
            'script = ( { operation = "send"; match = "succeeded"; times = 1; answer = "kill"; } ' \
            '); };'
    return {"stage": codec(), "queue": queue}


def with_inbox(retry):
    return dict(AT_ONCE(retry),
                server='listen = "127.0.0.1:0"; drain = "500ms"; inbox = "inbox";')


AT_ONCE = stage()
FOR_EVER_ONCE = stage(SLOW_ONCE, tried_before=False)
HAPPY = (happy, AT_ONCE)
SLOW = (happy, stage('delay = "900ms";'))
IN_PARTS = (large, stage(options='bytes = "16MiB";'))
BAD_MEDIA = (bad_media, stage(tried_before=False))
TRIED_AGAIN = (happy, stage(FAILS_ONCE, tried_before=False))
CANCELED = (canceled, stage('delay = "60s";', tried_before=False))
INBOX = (inbox, with_inbox)
DRAINED = (drained, FOR_EVER_ONCE)
DUPLICATE = (duplicate, stage('delay = "900ms";'))
REDRIVEN = (redriven, stage('call = 1; times = 1; answer = "bad_data";', tried_before=False))

# Points that are not named here are reached by any video.
SCENARIOS = {
    "SERVER_UPLOAD_BEGUN": IN_PARTS,
    "SERVER_UPLOAD_PART_STORED": IN_PARTS,
    "SERVER_INBOX_MOVED": INBOX,
    "SERVER_INBOX_STORED": INBOX,
    "SERVER_CANCELED_STORED": CANCELED,
    "SERVER_RETRY_STORED": (retried, AT_ONCE),
    "SERVER_REDRIVE_STORED": REDRIVEN,
    "SERVER_LETTER_MOVED": REDRIVEN,
    "SERVER_LETTER_MOVE_NOTED": REDRIVEN,
    "SERVER_REMOVAL_STORED": (removed, AT_ONCE),
    "SERVER_TASK_REFUSED_STORED": (happy, refused("throttled", 9)),
    "SERVER_TASK_FAILED_STORED": (happy, refused("denied", 1)),
    "SERVER_MESSAGE_PUT_OFF": DUPLICATE,
    "SERVER_MESSAGE_REMOVED": DUPLICATE,
    "SERVER_LETTER_WRITTEN": BAD_MEDIA,
    "SERVER_LETTER_PAID": BAD_MEDIA,
    "SERVER_LEASE_RENEWED": SLOW,
    "SERVER_FAILED_STORED": BAD_MEDIA,
    "SERVER_TRY_AGAIN_STORED": TRIED_AGAIN,
    "SERVER_RELEASED_STORED": DRAINED,
    "SERVER_EXPIRED_STORED": (expired, AT_ONCE),
    "SERVER_LETTER_FOUND_STORED": (buried, AT_ONCE),
    "SERVER_GRACE_STORED": (silent, FOR_EVER_ONCE),
    "SERVER_LOST_STORED": (lost, FOR_EVER_ONCE),
    "SERVER_STOP_SENT": CANCELED,
    "SERVER_STOP_NOTED": CANCELED,
    "SERVER_UNHEARD_STORED": (unheard, AT_ONCE),
    "SERVER_ADOPTED_STORED": (happy, speechless),
    "SERVER_LEFT_OVER_REMOVED": (retried, AT_ONCE),
    "SERVER_DOCUMENT_REMOVED": (removed, AT_ONCE),
    "SERVER_DRAIN_STOP_SENT": DRAINED,
    "WORKER_MESSAGE_EXTENDED": SLOW,
    "WORKER_PROGRESS_SENT": SLOW,
    "WORKER_UPLOAD_BEGUN": IN_PARTS,
    "WORKER_PART_STORED": IN_PARTS,
    "WORKER_HEAD_STORED": IN_PARTS,
    "WORKER_FAILED_SENT": TRIED_AGAIN,
    "WORKER_RELEASED_SENT": DRAINED,
    "WORKER_MESSAGE_GIVEN_BACK": TRIED_AGAIN,
}


def scenario_of(point):
    return SCENARIOS.get(point, HAPPY)
