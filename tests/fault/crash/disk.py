"""disk.py - what lies in the state folder: read beside a running vidmill, and made older."""
import glob
import hashlib
import json
import os
import sqlite3
import time

DAY_MS = 24 * 3600 * 1000


def now_ms():
    return int(time.time() * 1000)


class Broken(Exception):
    """A promise that was not kept."""


class Disk:
    def __init__(self, state):
        self.state = state
        self.objects = os.path.join(state, "storage", "objects")

    def query(self, path, text, *values, write=False):
        """The rows; none where there is no such file or table yet."""
        path = os.path.join(self.state, path)
        if not os.path.exists(path):
            return []
        mode = "rw" if write else "ro"
        database = sqlite3.connect(f"file:{path}?mode={mode}", uri=True, timeout=10)
        try:
            with database:
                return database.execute(text, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
        finally:
            database.close()

    # Documents

    def documents(self):
        rows = self.query("meta/videos.db", "SELECT id, json FROM documents")
        return {id: json.loads(text) for id, text in rows}

    def document(self, id):
        rows = self.query("meta/videos.db", "SELECT json FROM documents WHERE id = ?", id)
        return json.loads(rows[0][0]) if rows else None

    def wake(self, id):
        """What is due at some time is due now."""
        self.query("meta/videos.db", "UPDATE documents SET json = json_set(json, '$.wake_ms', ?) "
                   "WHERE id = ? AND json ->> 'wake_ms' > ?", now_ms(), id, now_ms(), write=True)

    # Queues

    def has_queue(self):
        return self.query("queue/unprocessed.db", "SELECT name FROM sqlite_master "
                          "WHERE name = 'dead_letters'")

    def messages(self, role):
        rows = self.query(f"queue/{role}.db", "SELECT count(*) FROM messages")
        return rows[0][0] if rows else 0  # no such file: a mock's queue

    def letters(self, role="unprocessed"):
        rows = self.query(f"queue/{role}.db", "SELECT body, reason FROM dead_letters")
        return [(json.loads(body).get("video"), reason) for body, reason in rows]

    def send(self, body):
        self.query("queue/unprocessed.db", "INSERT INTO messages (sent_ms, due_ms, body) "
                   "VALUES (?, ?, ?)", now_ms(), now_ms(), json.dumps(body).encode(), write=True)

    def show_hidden(self):
        """As if the time of every hidden message had passed."""
        for role in ("unprocessed", "processed"):
            self.query(f"queue/{role}.db", "UPDATE messages SET due_ms = ? WHERE due_ms > ?",
                       now_ms(), now_ms(), write=True)

    # Objects

    def under(self, prefix):
        found = []
        for folder, _, files in os.walk(os.path.join(self.objects, prefix)):
            found += [os.path.relpath(os.path.join(folder, name), self.objects) for name in files]
        return sorted(found)

    def has_source(self, id):
        return os.path.exists(os.path.join(self.objects, "unprocessed", id, "source"))

    def uploads(self):
        folder = os.path.join(self.state, "storage", "uploads")
        return os.listdir(folder) if os.path.isdir(folder) else []

    def check_complete(self, key, sha256=None):
        """A manifest is there, and so is every output as it is listed."""
        try:
            with open(os.path.join(self.objects, key), "rb") as file:
                text = file.read()
        except OSError:
            raise Broken(f"{key} is visible and not there") from None
        if sha256 is not None and hashlib.sha256(text).hexdigest() != sha256:
            raise Broken(f"{key} is not the manifest that was published")
        manifest = json.loads(text)
        if not manifest["outputs"]:
            raise Broken(f"{key} lists nothing")
        for output in manifest["outputs"]:
            path = os.path.join(self.objects, os.path.dirname(key), output["name"])
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except OSError:
                raise Broken(f"{key} lists {output['name']}, which is not there") from None
            if len(data) != output["bytes"] or \
                    hashlib.sha256(data).hexdigest() != output["sha256"]:
                raise Broken(f"{key} lists {output['name']}, which is not as listed")
        return manifest

    def has_run(self):
        """Whether the codec was called since the scripts began."""
        try:
            with open(os.path.join(self.state, "mock-stages.web", "calls"), "rb") as file:
                return any(file.read())
        except OSError:
            return False

    def rewind_scripts(self):
        """The mocks count their calls from 0 again."""
        for path in glob.glob(os.path.join(self.state, "mock-*", "calls")):
            with open(path, "r+b") as file:
                file.write(bytes(os.path.getsize(path)))

    # Time

    def age(self, ms):
        """While nothing runs: as if all of it had been lying there for so much longer."""
        for id, document in self.documents().items():
            self.query("meta/videos.db", "UPDATE documents SET json = ? WHERE id = ?",
                       json.dumps(older(document, ms)), id, write=True)
        for role in ("unprocessed", "processed"):
            self.query(f"queue/{role}.db",
                       "UPDATE messages SET due_ms = due_ms - ?1, sent_ms = sent_ms - ?1", ms,
                       write=True)
            self.query(f"queue/{role}.db", "UPDATE dead_letters SET died_ms = died_ms - ?", ms,
                       write=True)


# Durations, not times.
LASTING = ("done_ms", "total_ms")


def older(value, ms):
    if isinstance(value, list):
        return [older(item, ms) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: item - ms if name.endswith("_ms") and name not in LASTING and item
            else older(item, ms) for name, item in value.items()}
