#!/usr/bin/env python3
"""cell.py - one cell of the crash matrix: one point, one way to end, the first attempt or a retry.

cell.py BUILD POINT kill|term|stop|exit first|retry [--keep]

The crash comes the first time that any process passes the point; for a retry it comes a second
time as well, on the way that recovery takes or, where that does not pass there, on the next
video. The last line is JSON: what was found.
"""
import argparse
import contextlib
import http.client
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))


def prepare(build):
    """The harness is told by the environment where things are."""
    source = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
    os.environ.setdefault("VIDMILL_SOURCE", source)
    os.environ.setdefault("VIDMILL_MEDIA", os.path.join(source, "build", "media"))
    os.environ["VIDMILL_BUILD"] = os.path.abspath(build)
    sys.path.insert(0, os.path.join(HERE, "..", "..", "e2e"))


def make(point, deed, hits, retry):
    # pylint: disable=import-outside-toplevel
    from disk import DAY_MS, Broken
    from scenarios import scenario_of
    from servers import FINAL, Servers
    from vidmill import PATIENCE, Failure

    run, sections = scenario_of(point)

    class Cell(Servers):
        """A client that is told nothing repeats itself; a person who waits plays no part."""

        def __init__(self):
            parts = dict(queue='plugin = "queue-local";',
                         compute='plugin = "compute-local"; tasks = 2; grace = "2s";',
                         policy='attempts = 8; backoff = "100ms"; backoff_max = "200ms"; '
                                'lease = "1s";',
                         server='listen = "127.0.0.1:0"; drain = "500ms";')
            super().__init__(point, deed, hits, **dict(parts, **sections(retry)))
            self.expected_letters = 0

        def run(self):
            self.start()
            self.wait(lambda: os.path.exists(self.ready_files[self.servers[0].pid]), "the server")
            for _ in hits:
                if self.seen < max(hits):
                    self.disk.rewind_scripts()
                    run(self)
            self.wait(lambda: self.seen >= max(hits), "the point to be reached", 3)
            self.check_all()

        # What clients do

        def insist(self, method, path, is_done=None, body=None):
            """Until there is an answer, or what was asked for has visibly happened."""
            end = time.monotonic() + 30 * PATIENCE
            while time.monotonic() < end:
                if self.broken is not None:
                    raise self.broken
                try:
                    return self.ask(method, path, body)
                except Failure as failure:
                    if failure.status < 500 and not (is_done and is_done()):
                        raise
                except (OSError, http.client.HTTPException):
                    pass
                if is_done and is_done():
                    return None
                time.sleep(0.05)
            raise Broken(f"{method} {path} was not answered for {30 * PATIENCE:.0f} s")

        def create(self, data=None):
            body = {"name": "clip"}
            if data is not None:
                body["bytes"] = len(data)
            answer = self.insist("POST", "/v1/videos", body=body)
            self.upload_url = answer["upload"]["requests"][0]["url"]
            return answer["video"]["id"]

        def upload(self, data):
            id = self.create(data)
            url = urllib.parse.urlsplit(self.upload_url)
            try:
                self.insist("PUT", f"{url.path}?{url.query}", body=data)
            except Failure as failure:
                if failure.status != 412:  # it was received before the crash
                    raise
            return id

        @contextlib.contextmanager
        def each_message(self, deed):
            """What befalls each message that is sent meanwhile."""
            self.wait(self.disk.has_queue, "the queue")
            self.disk.query("queue/unprocessed.db", "CREATE TRIGGER fate AFTER INSERT ON messages "
                            f"BEGIN {deed}; END", write=True)
            yield
            self.disk.query("queue/unprocessed.db", "DROP TRIGGER fate", write=True)

        def pass_time(self, ms):
            """The machine was off for so long."""
            self.down()
            self.disk.age(ms)
            self.up()

        # How it must end

        def is_settled(self, id):
            document = self.disk.document(id)
            if document is None or document["state"] not in FINAL:
                return None
            late = self.disk_now() + DAY_MS // 2
            debts = [name for name in ("message_owed", "dead_letter_owed", "stop_owed")
                     if document.get(name)]
            if document.get("outbox_event") and not document.get("outbox_sent_ms"):
                debts.append("outbox")
            if 0 < document.get("clean_ms", 0) < late:
                debts.append("cleaning")
            if debts and not document.get("wake_ms"):
                raise Broken(f"nothing will ever see to {', '.join(debts)}")
            return document, debts

        def ends(self, id, state, error="", letters=0, generation=1, outcomes=1, notified=True):
            def settled():
                found = self.is_settled(id)
                if found is None:
                    return None
                document, debts = found
                if document["state"] != state:
                    raise Broken(f"{document['state']} ({document.get('error')}: "
                                 f"{document.get('reason')}) instead of {state}")
                if not debts and self.disk.messages("unprocessed") == 0:
                    return document
                # Time passes for all that waits for it.
                self.disk.show_hidden()
                self.disk.wake(id)
                time.sleep(0.1)
                return None
            document = self.wait(settled, f"{id} to be {state} and settled", 30)
            self.expected_letters += letters - (outcomes - 1)
            if document.get("error", "") != error and error:
                raise Broken(f"error {document.get('error')} instead of {error}")
            if document["generation"] != generation:
                raise Broken(f"generation {document['generation']} instead of {generation}")
            if notified and not self.was_told(id, state):
                raise Broken(f"nobody was told that the video is {state}")
            self.check_history(document, state)
            return document

        def was_told(self, id, state):
            told = f"clip: {state}"
            return any(id in line and told in line for line in self.log().splitlines())

        def check_history(self, document, state):
            ended = [h for h in document.get("history", []) if h["end"] == "succeeded" and
                     h["generation"] == document["generation"]]
            if len(ended) != (state == "processed"):
                raise Broken(f"{len(ended)} attempts of one generation succeeded")

        def is_gone(self, id):
            """A day after its last look for left-overs a removed video is no more."""
            def cleaned():
                found = self.is_settled(id)
                if found is None or not found[1]:
                    return True
                self.disk.wake(id)
                return False
            self.wait(cleaned, "the first cleaning")
            self.pass_time(DAY_MS + 3600 * 1000)

            def gone():
                self.disk.wake(id)
                return self.disk.document(id) is None
            self.wait(gone, "the document to go")
            if self.disk.under(f"processed/{id}") or self.disk.under(f"unprocessed/{id}"):
                raise Broken("a removed video has left objects")

        # All of it, at the end

        def left_over(self):
            documents = self.disk.documents()
            kept = []
            for id, document in documents.items():
                if document["state"] == "processed":
                    kept.append(os.path.dirname(document["result"]["manifest_key"]) + "/")
            found = [key for key in self.disk.under("processed")
                     if not key.startswith(tuple(kept or ["-"]))]
            return found + [f"upload {name}" for name in self.disk.uploads()]

        def check_all(self):
            self.wait(lambda: not self.stopped, "the stopped to go on")
            self.wait(lambda: not self.workers(), "the workers to end")
            if self.left_over():
                self.settle_left_overs()
            for document in self.disk.documents().values():
                if document["state"] == "processed":
                    result = document["result"]
                    self.disk.check_complete(result["manifest_key"], result["manifest_sha256"])
            self.wait(self.queues_are_empty, "the queues to be empty")
            letters = self.disk.letters()
            if len(letters) != self.expected_letters:
                raise Broken(f"{len(letters)} dead letters instead of {self.expected_letters}: "
                             f"{letters}")
            if self.disk.letters("processed"):
                raise Broken("an event went to the dead letters")
            self.finish()

        def settle_left_overs(self):
            """A loser that wrote behind the cleaning is found by the look a day later."""
            self.pass_time(DAY_MS + 3600 * 1000)

            def clean():
                for id in self.disk.documents():
                    self.disk.wake(id)
                return not self.left_over()
            try:
                self.wait(clean, "the left-overs to go", 5)
            except Broken as broken:
                raise Broken(f"left over: {self.left_over()}") from broken
            self.day_later = True

        def queues_are_empty(self):
            self.disk.show_hidden()
            return self.disk.messages("unprocessed") + self.disk.messages("processed") == 0

        day_later = False

        @staticmethod
        def disk_now():
            return int(time.time() * 1000)

    return Cell()


def run_cell(build, point, deed, when, keep=False):
    prepare(build)
    from vidmill import PATIENCE  # pylint: disable=import-outside-toplevel
    from servers import CLAIM_S  # pylint: disable=import-outside-toplevel
    cell = make(point, deed, [1, 2] if when == "retry" else [1], when == "retry")
    begun = time.monotonic()
    failure = None
    try:
        cell.run()
        slow = max(cell.claimed, default=0)
        if slow > CLAIM_S * PATIENCE:
            failure = f"claimed again after {slow:.2f} s"
    except Exception as error:  # pylint: disable=broad-except
        failure = f"{type(error).__name__}: {error}" if type(error).__name__ != "Broken" \
            else str(error)
    cell.kill_all()
    answer = {"point": point, "deed": deed, "when": when, "failure": failure,
              "seconds": round(time.monotonic() - begun, 2), "hits": cell.seen,
              "claimed": [round(c, 2) for c in cell.claimed], "day_later": cell.day_later,
              "folder": cell.folder}
    if failure is None and not keep:
        import shutil  # pylint: disable=import-outside-toplevel
        shutil.rmtree(cell.folder)
    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("build")
    parser.add_argument("point")
    parser.add_argument("deed", choices=("kill", "term", "stop", "exit"))
    parser.add_argument("when", choices=("first", "retry"))
    parser.add_argument("--keep", action="store_true", help="keep the folder of a cell that passes")
    words = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    answer = run_cell(words.build, words.point, words.deed, words.when, words.keep)
    print(json.dumps(answer))
    return 1 if answer["failure"] else 0


if __name__ == "__main__":
    sys.exit(main())
