"""test_meta_queries.py - every question that a server asks of MongoDB has an index that answers it.

A relay between a real `vidmill serve` and SecantusDB writes down what meta-mongo asks. By MongoDB's
rule a question is read off an index, in order and without sorting, when the index begins with the
fields that are equal and goes on with those that order. No server that these tests have plans as
MongoDB does, so the rule is applied here, to the indexes that the server lists.
"""
import hashlib
import os
import socket
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
os.environ.setdefault("VIDMILL_SOURCE", ROOT)
sys.path[:0] = [os.path.join(ROOT, "tests", part) for part in ("e2e", "fault/http", "servers")]
import servers  # noqa: E402
import wire  # noqa: E402
from vidmill import Vidmill, wait_for  # noqa: E402

TOKEN, OPERATOR = "token-of-alice", "token-of-root"
# What orders, behind which fields that are equal; the last is the id.
SHAPES = {
    "a list": ((), "created_ms"),
    "a list of one state": (("state",), "created_ms"),
    "a list of one owner": (("owner",), "created_ms"),
    "a list of one owner and state": (("owner", "state"), "created_ms"),
    "what is due": ((), "wake_ms"),
    "what is queued and was not heard of": (("state",), "wake_ms"),
    "what waits longest": (("state",), "waiting_ms"),
    "what is in one state": (("state",), None),
}


class Relay:
    """Passes everything on, and keeps the commands."""

    def __init__(self, port):
        self.upstream, self.commands = port, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.upstream))
            for source, target, heard in ((client, server, self.hear), (server, client, None)):
                threading.Thread(target=self.copy, args=(source, target, heard), daemon=True).start()

    def copy(self, source, target, heard):
        stream = wire.Stream()
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
                for message in stream.take(data) if heard else ():
                    heard(message)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        finally:
            source.close()

    def hear(self, message):
        command = wire.read(message)
        if command:
            self.commands.append(command)

    def close(self):
        self.listener.close()


class Question:
    """A find or a count: the fields that are equal, those of a range, what orders."""

    def __init__(self, command):
        if "find" in command:
            conditions, self.order = command["filter"], list(command.get("sort", {}).items())
        else:
            stages = [stage["$match"] for stage in command["pipeline"] if "$match" in stage]
            conditions, self.order = stages[0] if stages else {}, []
        self.equal, self.ranged = set(), set()
        for clause in conditions.get("$and", [conditions]):
            for field, test in clause.items():
                if not field.startswith("$") and (not isinstance(test, dict) or "$eq" in test):
                    self.equal.add(field)
                elif not field.startswith("$") and field != "_id":
                    self.ranged.add(field)

    def shape(self):
        first = self.order[0][0]
        return (tuple(sorted(field.split(".")[1] for field in self.equal)),
                None if first == "_id" else first.split(".")[1])

    def is_answered_by(self, index):
        keys, equal = [name for name, _ in index], len(self.equal)
        if set(keys[:equal]) != self.equal:
            return False
        if not self.order:
            return self.ranged <= set(keys[equal:equal + 1])
        # Read forwards or backwards, and from where the range begins.
        return keys[equal:equal + len(self.order)] == [name for name, _ in self.order] and \
            len({direction for _, direction in self.order}) == 1 and \
            self.ranged <= {self.order[0][0]}

    def __repr__(self):
        return f"{sorted(self.equal)} and a range of {sorted(self.ranged)}, ordered by {self.order}"


class Questions(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(servers.Secantus())
        self.relay = Relay(self.server.port)
        self.addCleanup(self.relay.close)
        self.vidmill = Vidmill()
        self.addCleanup(self.vidmill.close)
        tokens = os.path.join(self.vidmill.folder, "tokens")
        with open(os.open(tokens, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            for line in (f"alice:{self.digest(TOKEN)}", f"root:{self.digest(OPERATOR)}:operator"):
                file.write(line + "\n")
        self.vidmill.write_pipeline(
            stage='name = "web"; plugin = "codec-mock";',
            meta='plugin = "meta-mongo"; uri = "env:MONGODB_URI";',
            server=f'listen = "127.0.0.1:0"; tokens = "file:{tokens}";')
        self.vidmill.extra = {"MONGODB_URI": f"mongodb://127.0.0.1:{self.relay.port}/"}
        self.vidmill.start()

    @staticmethod
    def digest(token):
        return hashlib.sha256(token.encode()).hexdigest()

    def ask(self, method, path, token=OPERATOR, body=None, raw=False):
        return self.vidmill.ask(method, path, body, {"Authorization": f"Bearer {token}"}, raw)

    def questions(self):
        return [Question(command) for command in list(self.relay.commands)
                if "find" in command or "aggregate" in command]

    def shapes(self):
        return {question.shape() for question in self.questions() if question.order}

    def indexes(self):
        """Those that the server was told to make."""
        found = [[("_id", 1)]]
        for command in list(self.relay.commands):
            found += [list(index["key"].items()) for index in command.get("indexes", [])]
        return found

    def ask_everything(self):
        for number in range(3):
            self.ask("POST", "/v1/videos", TOKEN, {"name": f"clip {number}"})
        for token in (TOKEN, OPERATOR):
            for state in ("", "&state=awaiting_upload"):
                page = self.ask("GET", f"/v1/videos?limit=2{state}", token)
                self.assertEqual(len(page["videos"]), 2)
                page = self.ask("GET", f"/v1/videos?limit=2{state}&after={page['next']}", token)
                self.assertEqual(len(page["videos"]), 1)
        self.ask("GET", "/metrics", raw=True)

    def test_each_has_its_index(self):
        self.ask_everything()
        for name, shape in SHAPES.items():
            wait_for(lambda shape=shape: shape in self.shapes(), f"the server to ask for {name}")
        self.assertEqual(self.shapes(), set(SHAPES.values()), "a shape that this test does not know")
        for question in self.questions():
            wait_for(lambda question=question: any(map(question.is_answered_by, self.indexes())),
                     f"an index for {question}", 10)


if __name__ == "__main__":
    unittest.main()
