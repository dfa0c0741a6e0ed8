"""scenarios.py - for every operation a story in which it is asked, and which has one right end."""
import time

from rig import LARGE, NO_VIDEO, VIDEO, Wrong
from vidmill import Failure

STORE_URL = "http://store.invalid"
DAY_MS = 24 * 3600 * 1000


def process(rig, data=VIDEO):
    rig.start()
    return rig.finish(rig.deliver(data))


def process_large(rig):
    return process(rig, LARGE)


def break_off(rig):
    """A client hangs up in the middle, and sends the whole again."""
    rig.start()
    answer = rig.ask("POST", "/v1/videos", {"name": "clip", "bytes": len(LARGE)})
    request = answer["upload"]["requests"][0]
    rig.break_off(request, LARGE)
    rig.wait(lambda: rig.fault.calls() > 0, "the upload to be aborted")
    rig.persist(lambda: rig.ask(request["method"], request["url"], LARGE), "PUT")
    rig.finish(answer["video"]["id"])


def hurry(rig, id, ms=0):
    """What is due later is due now: the document grows older by `ms`."""
    def change(video):
        for name in ("wake_ms", "clean_ms", "finished_ms"):
            if video.get(name):
                video[name] = min(video[name], int(time.time() * 1000)) - ms
    rig.place("meta").change_document(id, change)


def objects(rig):
    return [key for role in ("storage.unprocessed", "storage.processed")
            for kind in ("objects", "uploads") for key in rig.place(role).read().get(kind, {})]


def remove(rig):
    """Asked for removal: nothing is left of the video, and a day later not even its document."""
    id = process(rig)["id"]
    rig.persist(lambda: rig.ask("DELETE", f"/v1/videos/{id}"), "DELETE")

    def is_gone():
        if rig.find(id) is None:
            return True
        hurry(rig, id, 0 if objects(rig) else DAY_MS + 1)
        time.sleep(0.3)
        return False
    rig.wait(is_gone, "the video to be gone")
    if objects(rig):
        raise Wrong("objects were left behind: " + ", ".join(objects(rig)))


def cancel(rig):
    """Canceled at work: the worker's outputs never become visible, and are removed."""
    rig.start()
    id = rig.deliver(VIDEO)
    rig.wait(lambda: rig.find(id)["state"] == "processing", "the video to be at work")
    rig.persist(lambda: rig.ask("POST", f"/v1/videos/{id}/cancel"), "cancel")
    rig.wait(lambda: not rig.workers(), "the worker to end")
    rig.wait(lambda: rig.fault.calls() > 0, "the task to be stopped")
    video = rig.find(id)
    if video["state"] != "canceled" or "result" in video:
        raise Wrong(f"it is {video['state']}, and is to be canceled without a result")


def letters(rig):
    return rig.persist(lambda: rig.ask("GET", "/v1/dead-letters"), "dead letters")["dead_letters"]


def wait_letter(rig):
    def one():
        found = letters(rig)
        if len(found) > 1:
            raise Wrong(f"{len(found)} dead letters of one message")
        return found[0] if found and rig.owes_no_letter() else None
    return rig.wait(one, "the dead letter")


def die(rig):
    """Not a video: failed for good, with one dead letter that says why."""
    rig.start()
    id = rig.deliver(NO_VIDEO)
    rig.owes_no_letter = lambda: not rig.find(id).get("dead_letter_owed")
    video = rig.wait_end(id)
    if (video["state"], video.get("error")) != ("failed", "bad_media"):
        raise Wrong(f"it is {video['state']}, {video.get('error')}")
    letter = wait_letter(rig)
    if letter["video"] != id or not letter["reason"].startswith("bad_media"):
        raise Wrong(f"a dead letter that says {letter['reason']}")
    return id, letter


def redrive(rig):
    """Given back to work, it fails again and is one dead letter again."""
    id, letter = die(rig)
    epoch = rig.find(id)["epoch"]

    def ask():
        try:
            rig.ask("POST", "/v1/dead-letters/redrive", {"id": letter["id"]})
        except Failure as failure:
            # Moved before, by a request whose answer was lost.
            if failure.status not in (404, 409) or letters(rig):
                raise
    rig.persist(ask, "redrive")
    rig.wait(lambda: rig.find(id)["state"] == "failed" and rig.find(id)["epoch"] > epoch + 1,
             "the video to fail again", 90)
    wait_letter(rig)


def remove_letter(rig):
    _, letter = die(rig)

    def ask():
        try:
            rig.ask("DELETE", f"/v1/dead-letters/{letter['id']}")
        except Failure as failure:
            if failure.status != 404 or letters(rig):
                raise
    rig.persist(ask, "DELETE")
    if letters(rig):
        raise Wrong("the dead letter is still there")


def no_event(rig):
    """What is no event goes to the dead letters of its queue, and stops nothing."""
    rig.start()
    queue = rig.place("queue.processed")
    queue.send(b"not an event")
    rig.finish(rig.deliver(VIDEO))
    rig.wait(lambda: len(queue.read().get("dead", {})) == 1, "the dead letter")


def stranger(rig):
    """An object that nobody announced to us becomes a video: policy.ingest is "any"."""
    rig.start()
    key = "holiday/beach.mp4"
    etag = rig.place("storage.unprocessed").put(key, VIDEO)
    rig.place("queue.unprocessed").send(
        b'{"storage-mock": [{"key": "%s", "etag": "%s"}]}' % (key.encode(), etag.encode()))

    def is_there():
        # What the store cannot read goes to the dead letters, and a person gives it back.
        if rig.place("queue.unprocessed").read().get("dead"):
            rig.see("dead letter")
            rig.lift()
            rig.ask("POST", "/v1/dead-letters/redrive")
        return rig.place("meta").documents()
    rig.wait(is_there, "the video")
    id, = rig.place("meta").documents()
    rig.finish(id)


def look(rig):
    """/readyz tells of it while it lasts; all goes on as if nothing were, and can be fetched."""
    rig.start()
    rig.persist(lambda: rig.ask("GET", "/readyz"), "readyz")
    id = rig.finish(rig.deliver(VIDEO))["id"]
    rig.persist(lambda: rig.ask("GET", f"/v1/videos/{id}/outputs"), "outputs")
    rig.ask("GET", "/metrics", raw=True)


def presigned(rig):
    """The client sends the source to the store itself, and tells of it."""
    rig.start()
    answer = rig.persist(lambda: rig.ask("POST", "/v1/videos", {"name": "a", "bytes": len(VIDEO)}),
                         "create")
    url, = [request["url"] for request in answer["upload"]["requests"]]
    if not url.startswith(STORE_URL):  # the store signs none: the server receives it
        rig.persist(lambda: rig.ask("PUT", url, VIDEO), "PUT")
        return rig.finish(answer["video"]["id"])
    rig.place("storage.unprocessed").put(url[len(STORE_URL) + 1:], VIDEO)
    rig.persist(lambda: rig.complete(answer["video"]["id"]), "complete")
    rig.finish(answer["video"]["id"])


def slow(ms):
    return {"stages.web": [{"operation": "run", "delay": f"{ms}ms"}]}


class Story:
    """`policy` is added to that of the rig; the words are the rig's."""

    def __init__(self, run, policy="", **words):
        self.run, self.policy, self.words = run, policy, words


LARGE_OUTPUT = {"options": {"stages": 'any_source = false; bytes = "9MiB";'}, "observe": 30}
# One part of an output cannot be sent.
HALF_SENT = {"storage.processed": [{"operation": "upload_part", "call": 2, "times": 1,
                                    "answer": "denied"}]}
# The event of a claim cannot be stored at first: it is given back.
NOT_STORED = {"meta": [{"operation": "put", "match": '"nonce"', "times": 1, "answer": "denied"}]}
ATTEMPT = {"observe": 30}  # whoever bears it fails policy.attempts times, within this time

STORIES = {
    ("storage.unprocessed", "stat"): Story(process),
    ("storage.unprocessed", "read_at"): Story(process, **ATTEMPT),
    ("storage.unprocessed", "put"): Story(process),
    ("storage.unprocessed", "upload_begin"): Story(process_large),
    ("storage.unprocessed", "upload_part"): Story(process_large),
    ("storage.unprocessed", "upload_commit"): Story(process_large),
    ("storage.unprocessed", "upload_abort"): Story(break_off),
    ("storage.unprocessed", "remove"): Story(remove),
    ("storage.unprocessed", "list"): "what lies among the sources is named by the documents",
    ("storage.unprocessed", "list_uploads"): Story(remove),
    ("storage.unprocessed", "presign"): Story(presigned, options={
        "storage": f'presign = "{STORE_URL}";'}),
    ("storage.unprocessed", "presign_finish"): Story(presigned, options={
        "storage": f'presign = "{STORE_URL}";'}),
    ("storage.unprocessed", "decode_event"): Story(stranger, policy=' ingest = "any";'),
    ("storage.processed", "stat"): Story(look),
    ("storage.processed", "read_at"): Story(process, **ATTEMPT),
    ("storage.processed", "put"): Story(process, **ATTEMPT),
    ("storage.processed", "upload_begin"): Story(process_large, **LARGE_OUTPUT),
    ("storage.processed", "upload_part"): Story(process_large, **LARGE_OUTPUT),
    ("storage.processed", "upload_commit"): Story(process_large, **LARGE_OUTPUT),
    ("storage.processed", "upload_abort"): Story(process_large, scripts=HALF_SENT, **LARGE_OUTPUT),
    ("storage.processed", "remove"): Story(remove),
    ("storage.processed", "list"): Story(remove),
    ("storage.processed", "list_uploads"): Story(remove),
    ("storage.processed", "presign"): "only sources are sent by clients",
    ("storage.processed", "presign_finish"): "only sources are sent by clients",
    ("storage.processed", "decode_event"): "only the arrival of sources is announced",
    ("queue.unprocessed", "send"): Story(process),
    ("queue.unprocessed", "receive"): Story(process),
    ("queue.unprocessed", "extend"): Story(process),
    ("queue.unprocessed", "remove"): Story(process),
    ("queue.unprocessed", "dead_letter"): Story(die),
    ("queue.unprocessed", "stats"): Story(look),
    ("queue.unprocessed", "list_dead"): Story(die),
    ("queue.unprocessed", "redrive"): Story(redrive),
    ("queue.unprocessed", "remove_dead"): Story(remove_letter),
    ("queue.processed", "send"): Story(process, **ATTEMPT),
    ("queue.processed", "receive"): Story(process),
    ("queue.processed", "extend"): Story(process, scripts=NOT_STORED),
    ("queue.processed", "remove"): Story(process),
    ("queue.processed", "dead_letter"): Story(no_event),
    ("queue.processed", "stats"): Story(look),
    ("queue.processed", "list_dead"): "its dead letters are for a person to read",
    ("queue.processed", "redrive"): "its dead letters are for a person to read",
    ("queue.processed", "remove_dead"): "its dead letters are for a person to read",
    ("compute", "start"): Story(process),
    ("compute", "status"): Story(process, scripts=slow(1500)),
    ("compute", "stop"): Story(cancel, scripts=slow(2000)),
    ("compute", "capacity"): Story(process),
    ("meta", "index"): Story(process),
    ("meta", "get"): Story(process),
    ("meta", "put"): Story(process),
    ("meta", "find"): Story(process, scripts=slow(1000)),
    ("meta", "count"): Story(look),
    ("meta", "remove"): Story(remove),
    ("stages.web", "probe"): Story(process, **ATTEMPT),
    ("stages.web", "run"): Story(process, **ATTEMPT),
    ("stages.web", "verify"): Story(process, **ATTEMPT),
}
