"""promises.py - how a video must end, and what may be left when all is over."""
import os
import time

from clients import Clients
from disk import DAY_MS, Broken, now_ms
from scenarios import scenario_of
from servers import FINAL

# Within this time a video ends and all that it owes is done, when nothing waits for hours.
SETTLE_S = 30
LAST_LOOK_MS = DAY_MS + 3600 * 1000

PARTS = {
    "queue": 'plugin = "queue-local";',
    "compute": 'plugin = "compute-local"; tasks = 2; grace = "2s";',
    "policy": 'attempts = 8; backoff = "100ms"; backoff_max = "200ms"; lease = "1s";',
    "server": 'listen = "127.0.0.1:0"; drain = "500ms";',
}


class Cell(Clients):
    def __init__(self, point, deed, is_retry):
        self.scenario, sections = scenario_of(point)
        super().__init__(point, deed, [1, 2] if is_retry else [1],
                         **dict(PARTS, **sections(is_retry)))
        self.letters_owed = 0

    def run(self):
        self.start()
        self.wait(lambda: os.path.exists(self.ready_files[self.servers[0].pid]), "the server")
        for _ in self.hits:
            if self.seen < max(self.hits):
                self.disk.rewind_scripts()
                self.scenario(self)
        self.wait(lambda: self.seen >= max(self.hits), "the point to be reached", 3)
        self.check_rest()
        self.finish()

    # One video

    def debts(self, document):
        """What it owes; that the sweeper will come for it is checked here."""
        owed = [name for name in ("message_owed", "dead_letter_owed", "stop_owed")
                if document.get(name)]
        if document.get("outbox_event") and not document.get("outbox_sent_ms"):
            owed.append("outbox")
        if 0 < document.get("clean_ms", 0) < now_ms() + DAY_MS // 2:
            owed.append("cleaning")
        if owed and not document.get("wake_ms"):
            raise Broken(f"nothing will ever see to {', '.join(owed)}")
        return owed

    def ends(self, id, state, error="", letters=0, generation=1):
        """With so many dead letters more than before, and nothing owed."""
        def settled():
            document = self.disk.document(id)
            if document is None or document["state"] not in FINAL:
                return None
            if document["state"] != state:
                raise Broken(f"{document['state']} ({document.get('error')}: "
                             f"{document.get('reason')}) instead of {state}")
            if not self.debts(document) and self.disk.messages("unprocessed") == 0:
                return document
            # Time passes for all that waits for it.
            self.disk.show_hidden()
            self.disk.wake(id)
            time.sleep(0.1)
            return None
        document = self.wait(settled, f"{id} to be {state} and settled", SETTLE_S)
        self.letters_owed += letters
        if error and document.get("error") != error:
            raise Broken(f"error {document.get('error')} instead of {error}")
        if document["generation"] != generation:
            raise Broken(f"generation {document['generation']} instead of {generation}")
        self.check_history(document)
        self.check_told(document)

    def check_history(self, document):
        ended = [attempt for attempt in document.get("history", [])
                 if attempt["end"] == "succeeded" and
                 attempt["generation"] == document["generation"]]
        if len(ended) != (document["state"] == "processed"):
            raise Broken(f"{len(ended)} attempts of one generation succeeded")

    def check_told(self, document):
        told = f"clip: {document['state']}"
        if not any(document["id"] in line and told in line for line in self.log().splitlines()):
            raise Broken(f"nobody was told that the video is {document['state']}")

    def is_gone(self, id):
        """A removed video is no more after its last look for left-overs, a day later."""
        def cleaned():
            document = self.disk.document(id)
            if document is None or not self.debts(document):
                return True
            self.disk.wake(id)
            return False

        def gone():
            self.disk.wake(id)
            return self.disk.document(id) is None
        self.wait(cleaned, "the first cleaning")
        self.pass_time(LAST_LOOK_MS)
        self.wait(gone, "the document to go")
        if self.disk.under(f"processed/{id}") or self.disk.under(f"unprocessed/{id}"):
            raise Broken("a removed video has left objects")

    # All of it

    def left_over(self):
        """Objects and uploads that no document shows."""
        kept = tuple(os.path.dirname(document["result"]["manifest_key"]) + "/"
                     for document in self.disk.documents().values()
                     if document["state"] == "processed")
        objects = [key for key in self.disk.under("processed") if not key.startswith(kept)]
        return objects + [f"upload {name}" for name in self.disk.uploads()]

    def check_rest(self):
        self.wait(lambda: not self.stopped, "the stopped to go on")
        self.wait(lambda: not self.workers(), "the workers to end")
        self.wait(self.queues_are_empty, "the queues to be empty")
        if self.left_over():
            self.look_a_day_later()
        for document in self.disk.documents().values():
            if document["state"] == "processed":
                result = document["result"]
                self.disk.check_complete(result["manifest_key"], result["manifest_sha256"])
        letters = self.disk.letters()
        if len(letters) != self.letters_owed:
            raise Broken(f"{len(letters)} dead letters instead of {self.letters_owed}: {letters}")
        if self.disk.letters("processed"):
            raise Broken("an event went to the dead letters")

    def look_a_day_later(self):
        """Finds what a loser wrote behind the cleaning and never spoke of."""
        def clean():
            for id in self.disk.documents():
                self.disk.wake(id)
            return not self.left_over()
        self.pass_time(LAST_LOOK_MS)
        try:
            self.wait(clean, "the left-overs to go", 5)
        except Broken as broken:
            raise Broken(f"left over: {self.left_over()}") from broken

    def queues_are_empty(self):
        self.disk.show_hidden()
        return self.disk.messages("unprocessed") + self.disk.messages("processed") == 0
