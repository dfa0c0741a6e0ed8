"""at_rest.py - what must hold of a state folder when all work is done, whatever happened before."""
import glob
import hashlib
import json
import os
import sqlite3
import struct
import time

from vidmill import BUILD, PATIENCE

DAY_MS = 24 * 3600 * 1000
# Later than all that is swept a day after the end.
SWEPT_MS = DAY_MS + DAY_MS // 6
FINAL = ("processed", "failed", "canceled", "expired")


def rows(path, query):
    """[] of a file that is not made yet."""
    if not os.path.exists(path):
        return []
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return database.execute(query).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    finally:
        database.close()


def databases(vidmill):
    return glob.glob(os.path.join(vidmill.state, "*", "*.db"))


def documents(vidmill):
    """Every video's document as it is stored, by id."""
    path, = glob.glob(os.path.join(vidmill.state, "meta", "*.db")) or [""]
    return {id: json.loads(text) for id, text in rows(path, "SELECT id, json FROM documents")}


def backlog(vidmill):
    """How many videos have not come to their end."""
    path, = glob.glob(os.path.join(vidmill.state, "meta", "*.db")) or [""]
    return sum(count for count, in rows(path, "SELECT count(*) FROM documents WHERE json ->> 'state' "
                                        "IN ('queued', 'dispatched', 'processing')"))


def messages(vidmill):
    path = os.path.join(vidmill.state, "queue")
    return sum(rows(os.path.join(path, name + ".db"), "SELECT count(*) FROM messages")[0][0]
               for name in ("unprocessed", "processed")
               if rows(os.path.join(path, name + ".db"), "SELECT 1 FROM messages LIMIT 1"))


def files(vidmill, folder):
    """Paths of all files below a folder of the store."""
    top = os.path.join(vidmill.state, "storage", folder)
    return sorted(os.path.relpath(os.path.join(path, name), top)
                  for path, _, names in os.walk(top) for name in names)


def unsettled(vidmill, now_ms=None):
    """Why there is still something to be done; "" when there is nothing before tomorrow."""
    now_ms = now_ms or time.time() * 1000
    for id, video in documents(vidmill).items():
        if video["state"] not in FINAL + ("awaiting_upload",):
            return f"{id} is {video['state']}"
        for owed in ("message_owed", "dead_letter_owed"):
            if video.get(owed):
                return f"{id}: {owed}"
        if video.get("outbox_event") and not video.get("outbox_sent_ms"):
            return f"{id}: its notification was not sent"
        if video.get("clean_ms") and video["clean_ms"] < now_ms + DAY_MS / 2:
            return f"{id}: not cleaned"
    if messages(vidmill):
        return "there are messages"
    if vidmill.workers():
        return "there are workers"
    return ""


def wait_settled(vidmill, seconds=60, now_ms=None):
    end = time.monotonic() + seconds * PATIENCE
    while (why := unsettled(vidmill, now_ms)) and time.monotonic() < end:
        time.sleep(0.05)
    return [f"not at rest after {seconds:.0f} s: {why}"] if why else []


class Clock:
    """The wall clock of the processes that are started with its environment."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "clock")
        self.step(0)

    def step(self, ms):
        with open(self.path, "r+b" if os.path.exists(self.path) else "wb") as file:
            file.write(struct.pack("q", ms))

    def environment(self):
        library = os.path.join(BUILD, "tests", "lib", "clock-step.so")
        # A sanitizer wants to be the first library; it can be the second.
        return {"LD_PRELOAD": library, "VIDMILL_TEST_CLOCK": self.path,
                "ASAN_OPTIONS": "verify_asan_link_order=0"}


def sweep(vidmill):
    """Starts a server more than a day later, so that all that waits for a day is swept; faults."""
    clock = Clock(vidmill.folder)
    clock.step(SWEPT_MS)
    vidmill.extra = clock.environment()
    vidmill.start()
    # Every document has its turn; a busy machine syncs twenty a second.
    seconds = 30 + len(documents(vidmill)) / 20
    faults = wait_settled(vidmill, seconds, time.time() * 1000 + SWEPT_MS)
    vidmill.stop()
    vidmill.extra = {}
    return faults


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def check_result(vidmill, id, video, expected, faults):
    """The visible result of one video: all is there that the manifest names, and nothing else."""
    key = video["result"]["manifest_key"]
    folder = os.path.dirname(key)
    objects = os.path.join(vidmill.state, "storage", "objects")
    expected.add(key)
    if not os.path.exists(os.path.join(objects, key)):
        faults.append(f"{id}: there is no manifest {key}")
        return
    if sha256(os.path.join(objects, key)) != video["result"]["manifest_sha256"]:
        faults.append(f"{id}: another manifest than the one that was published")
    with open(os.path.join(objects, key)) as file:
        outputs = json.load(file)["outputs"]
    for output in outputs:
        path = os.path.join(objects, folder, output["name"])
        expected.add(f"{folder}/{output['name']}")
        if not os.path.exists(path):
            faults.append(f"{id}: {output['name']} is missing")
        elif os.path.getsize(path) != output["bytes"] or sha256(path) != output["sha256"]:
            faults.append(f"{id}: {output['name']} is not what the manifest says")


def check(vidmill):
    """Of a stopped server: everything that is wrong in its state folder."""
    faults = [f"{path}: {answer}" for path in databases(vidmill)
              for answer, in rows(path, "PRAGMA integrity_check") if answer != "ok"]
    expected = set()
    for id, video in documents(vidmill).items():
        ended = [a["generation"] for a in video.get("history", []) if a["end"] == "succeeded"]
        if len(ended) != len(set(ended)):
            faults.append(f"{id}: more than one success of a generation")
        if video.get("source", {}).get("etag"):
            expected.add(f"unprocessed/{id}/source")
        if (video.get("result") or {}).get("manifest_key"):
            check_result(vidmill, id, video, expected, faults)
        elif video["state"] == "processed":
            faults.append(f"{id}: processed without a result")
    found = set(files(vidmill, "objects"))
    faults += [f"left over: {name}" for name in sorted(found - expected)]
    faults += [f"missing: {name}" for name in sorted(expected - found)]
    for folder in ("tmp", "uploads"):
        faults += [f"left over in {folder}: {name}" for name in files(vidmill, folder)]
    return faults
