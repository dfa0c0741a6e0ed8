"""scenarios.py - what has to happen for each crash point to be reached, and how it must end.

A scenario is a function of a running cell: it brings one video to its right end, through
whatever crash. `sections(retry)` is what its pipeline file says. A cell that is about the
retry has an attempt that fails before the one that counts.
"""
import os
import signal

from disk import DAY_MS

CLIP = b"duration_ms=1000\n" + b"vidmill " * 500
LARGE = b"duration_ms=1000\n" + b"vidmill " * (9 << 17)
NO_CLIP = b"a shopping list: milk, eggs"
MINUTE_MS = 60 * 1000


def codec(*steps, options=""):
    script = ", ".join(f"{{ operation = \"run\"; {step} }}" for step in steps)
    return f'name = "web"; plugin = "codec-mock"; any_source = false; {options} ' \
           f"script = ( {script} );"


FAILS_ONCE = 'call = 1; times = 1; answer = "unavailable";'


def stage(slow=None, options="", fails_first=False):
    """What the codec does: at once, or slowly; with a first attempt that fails, or none."""
    def sections(retry):
        steps = [FAILS_ONCE] if retry or fails_first else []
        steps += [slow] if slow else []
        return {"stage": codec(*steps, options=options)}
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
    cell.ends(id, "processed", outcomes=2)


def removed(cell):
    id = cell.upload(CLIP)
    cell.ends(id, "processed")
    cell.insist("DELETE", f"/v1/videos/{id}",
                lambda: not cell.disk.document(id) or cell.disk.document(id).get("remove_asked"))
    cell.is_gone(id)


def expired(cell):
    id = cell.create()
    cell.pass_time(DAY_MS)
    cell.ends(id, "expired", notified=True)


def duplicate(cell):
    """The same task message twice: the second one meets a living lease, then a finished video."""
    id = cell.upload(CLIP)
    cell.worker_of(id)
    cell.disk.send({"vidmill": "task", "video": id})
    cell.ends(id, "processed")


def forgotten(cell):
    """The queue loses the message: a quarter of an hour later the sweeper sends another."""
    cell.disk.query("queue/unprocessed.db", "CREATE TRIGGER lose AFTER INSERT ON messages "
                    "BEGIN DELETE FROM messages; END", write=True)
    id = cell.upload(CLIP)
    cell.disk.query("queue/unprocessed.db", "DROP TRIGGER lose", write=True)
    cell.pass_time(16 * MINUTE_MS)
    cell.ends(id, "processed")


def buried(cell):
    """The message dies by itself, received too often without an answer."""
    cell.disk.query("queue/unprocessed.db", "CREATE TRIGGER wear AFTER INSERT ON messages "
                    "BEGIN UPDATE messages SET receives = 1000; END", write=True)
    id = cell.upload(CLIP)
    cell.wait(lambda: (id, ) in [(video, ) for video, _ in cell.disk.letters()], "the letter")
    cell.disk.query("queue/unprocessed.db", "DROP TRIGGER wear", write=True)
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


def refused(answer):
    def sections(retry):
        times = 2 if retry else 1
        return {"stage": codec(),
                "compute": 'plugin = "compute-mock"; script = ( { operation = "start"; '
                           f'times = {times}; answer = "{answer}"; }} );'}
    return sections


def speechless(retry):
    """The worker dies when it sends its last word."""
    times = 2 if retry else 1
    return {"stage": codec(),
            "queue": 'unprocessed = { plugin = "queue-local"; }; processed = { '
                     'plugin = "queue-mock"; script = ( { operation = "send"; '
                     f'match = "succeeded"; times = {times}; answer = "kill"; }} ); }};'}


def fails_for_good(retry):
    times = 2 if retry else 1
    return {"stage": codec(f'times = {times}; answer = "bad_data";')}


AT_ONCE = stage()
SLOWLY = stage(slow='delay = "900ms";')
FIRST_FOR_EVER = stage(slow='call = 1; times = 2; delay = "60s";')
HAPPY = (happy, AT_ONCE)
SLOW = (happy, SLOWLY)
IN_PARTS = (large, stage(options='bytes = "16MiB";'))
BAD_MEDIA = (bad_media, AT_ONCE)
TRIED_AGAIN = (happy, stage(fails_first=True))
CANCELED = (canceled, stage(slow='delay = "60s";'))
INBOX = (inbox, lambda retry: dict(AT_ONCE(retry), server='listen = "127.0.0.1:0"; '
                                   'drain = "500ms"; inbox = "inbox";'))
DRAINED = (drained, FIRST_FOR_EVER)

# Points that are not named here are reached by any video.
SCENARIOS = {
    "SERVER_UPLOAD_BEGUN": IN_PARTS,
    "SERVER_UPLOAD_PART_STORED": IN_PARTS,
    "SERVER_INBOX_MOVED": INBOX,
    "SERVER_INBOX_STORED": INBOX,
    "SERVER_CANCELED_STORED": CANCELED,
    "SERVER_RETRY_STORED": (retried, AT_ONCE),
    "SERVER_REDRIVE_STORED": (redriven, fails_for_good),
    "SERVER_LETTER_MOVED": (redriven, fails_for_good),
    "SERVER_REMOVAL_STORED": (removed, AT_ONCE),
    "SERVER_TASK_REFUSED_STORED": (happy, refused("throttled")),
    "SERVER_TASK_FAILED_STORED": (happy, refused("denied")),
    "SERVER_MESSAGE_PUT_OFF": (duplicate, SLOWLY),
    "SERVER_MESSAGE_REMOVED": (duplicate, SLOWLY),
    "SERVER_LETTER_WRITTEN": BAD_MEDIA,
    "SERVER_LETTER_PAID": BAD_MEDIA,
    "SERVER_LEASE_RENEWED": SLOW,
    "SERVER_FAILED_STORED": BAD_MEDIA,
    "SERVER_TRY_AGAIN_STORED": TRIED_AGAIN,
    "SERVER_RELEASED_STORED": DRAINED,
    "SERVER_TICK_STORED": (forgotten, AT_ONCE),
    "SERVER_EXPIRED_STORED": (expired, AT_ONCE),
    "SERVER_LETTER_FOUND_STORED": (buried, AT_ONCE),
    "SERVER_GRACE_STORED": (silent, FIRST_FOR_EVER),
    "SERVER_LOST_STORED": (lost, FIRST_FOR_EVER),
    "SERVER_STOP_SENT": CANCELED,
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
