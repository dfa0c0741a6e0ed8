"""mockstate.py - reads and changes what a mock remembers, while vidmill runs or not.

The lock, the file and the bytes beside it are those of state.c.
"""
import contextlib
import fcntl
import json
import os
import struct
import time


class MockState:
    """The folder of one mock: `role` as in the pipeline, "queue.unprocessed"."""

    def __init__(self, state, role):
        self.dir = os.path.join(state, "mock-" + role)

    @contextlib.contextmanager
    def entered(self, save=False):
        folder = os.open(self.dir, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            path = os.path.join(self.dir, "state.json")
            root = {}
            if os.path.exists(path):
                with open(path) as file:
                    root = json.load(file)
            yield root
            if save:
                with open(path + ".new", "w") as file:
                    json.dump(root, file)
                os.rename(path + ".new", path)
        finally:
            os.close(folder)

    def read(self):
        with self.entered() as root:
            return root

    # A queue

    def send(self, body):
        """Puts a message onto the queue, as somebody outside of vidmill would."""
        with self.entered(save=True) as root:
            number = root["last"] = root.get("last", 0) + 1
            with open(os.path.join(self.dir, f"{number}.bytes"), "wb") as file:
                file.write(body)
            now = int(time.time() * 1000)
            root.setdefault("messages", {})[str(number)] = {
                "bytes": len(body), "sent_ms": now, "due_ms": now, "receives": 0, "receipt": 0}

    # A store

    def put(self, key, data):
        """Puts an object into the store; its etag."""
        with self.entered(save=True) as root:
            number = root["last"] = root.get("last", 0) + 1
            with open(os.path.join(self.dir, f"{number}.bytes"), "wb") as file:
                file.write(data)
            root.setdefault("objects", {})[key] = {
                "number": number, "bytes": len(data), "modified_ms": int(time.time() * 1000)}
        return f"e{number}"

    # Metadata

    def documents(self):
        found = self.read().get("documents", {})
        return {id: json.loads(each["text"]) for id, each in found.items()}

    def change_document(self, id, change):
        """Applies `change` to the document, if it is there, in one step as another server would."""
        with self.entered(save=True) as root:
            document = root["documents"].get(id)
            if document is None:
                return
            text = json.loads(document["text"])
            change(text)
            document["text"] = json.dumps(text)
            document["version"] += 1

    # A script

    def calls(self, step=0):
        """How many calls the script's step has counted."""
        try:
            with open(os.path.join(self.dir, "calls"), "rb") as file:
                file.seek(8 * step)
                number = file.read(8)
        except FileNotFoundError:
            number = b""
        # Made, and not of its length yet, it counts nothing either.
        return struct.unpack("=Q", number)[0] if len(number) == 8 else 0

    def set_calls(self, number, step=0):
        """Beyond its first and its times a step is over, also for processes that run."""
        with open(os.path.join(self.dir, "calls"), "r+b") as file:
            file.seek(8 * step)
            file.write(struct.pack("=Q", number))
