"""servers.py - the processes of one cell: restarted when they crash, continued when they stopped.

A thread looks every few milliseconds at what is there: who came by the crash point, which
servers live, what the documents say. It is the one that knows when work was claimed again.
"""
import os
import signal
import subprocess
import threading
import time

from disk import Broken, Disk
from vidmill import PATIENCE, VIDMILL, Vidmill

LOOK_S = 0.02
CLAIM_S = 2.0
LEASE_S = 1.0
# A stopped process is continued when its work was taken away, or at the latest after this.
STOPPED_S = 6.0
FINAL = ("processed", "failed", "canceled", "expired")


class Claim:
    """Work that a crash took away: an attempt of at least this epoch has to speak, and soon."""

    def __init__(self, video, epoch):
        self.video, self.epoch = video, epoch
        self.since = time.time()

    def is_met(self, document):
        if document is None or document["state"] in FINAL:
            return True
        if document["state"] == "queued":  # not before its back-off is over
            self.since = max(self.since, document.get("due_ms", 0) / 1000)
        spoken = [attempt["epoch"] for attempt in document.get("history", [])]
        if (document.get("attempt") or {}).get("nonce"):
            spoken.append(document["epoch"])
        return max(spoken, default=0) >= self.epoch


class Servers(Vidmill):
    def __init__(self, point, deed, hits, **sections):
        super().__init__(**sections)
        self.disk = Disk(self.state)
        self.hits_folder = os.path.join(self.folder, "hits")
        os.mkdir(self.hits_folder)
        self.point, self.deed, self.hits = point, deed, hits
        self.lock = threading.RLock()
        self.servers = []       # Popen, in the order of their start
        self.ready_files = {}   # by pid
        self.ours = set()       # pids that the test itself ended
        self.held = False       # no server is started
        self.seen = 0           # hits dealt with
        self.stopped = {}       # pid: (when, epochs then)
        self.claims, self.claimed = [], []
        self.results, self.outcomes = {}, {}
        self.broken = None
        self.over = threading.Event()
        self.tender = threading.Thread(target=self.tend, daemon=True)

    def environment(self):
        plan = f"{self.point} {self.deed} {','.join(map(str, self.hits))} {self.hits_folder}"
        return dict(super().environment(), VIDMILL_CRASH=plan)

    # Servers

    def spawn(self):
        ready = os.path.join(self.folder, f"address-{len(self.servers)}")
        with open(self.log_path, "a") as log:
            process = subprocess.Popen([VIDMILL, "serve", self.pipeline, "--state", self.state,
                                        "--log-level", "debug", "--ready-file", ready],
                                       stderr=log, stdout=log, env=self.environment())
        self.servers.append(process)
        self.ready_files[process.pid] = ready

    def living(self):
        return [p for p in self.servers if p.poll() is None and p.pid not in self.stopped]

    @property
    def address(self):
        """Of the newest server that is up; without one the question is asked in vain."""
        with self.lock:
            for process in reversed(self.living()):
                try:
                    with open(self.ready_files[process.pid]) as file:
                        return file.read().strip()
                except OSError:
                    continue
        return "http://127.0.0.1:9"

    def start(self):
        self.spawn()
        self.tender.start()
        return self

    def down(self, number=signal.SIGKILL):
        """All servers are ended and none is started until `up`."""
        with self.lock:
            self.held = True
            self.end(number)
        while any(process.poll() is None for process in self.servers):
            time.sleep(LOOK_S)

    def end(self, number):
        with self.lock:
            for process in self.servers:
                if process.poll() is None:
                    self.ours.add(process.pid)
                    process.send_signal(number)
                    process.send_signal(signal.SIGCONT)
                    self.stopped.pop(process.pid, None)

    def up(self):
        with self.lock:
            self.held = False

    # The thread

    def tend(self):
        while not self.over.wait(LOOK_S):
            try:
                with self.lock:
                    self.look()
            except Exception as error:  # pylint: disable=broad-except
                self.broken = self.broken or error

    def look(self):
        documents = self.disk.documents()
        self.note_hits(documents)
        self.go_on(documents)
        self.restart(documents)
        self.note_claims(documents)
        for id, document in documents.items():
            self.note_visible(id, document)

    def note_hits(self, documents):
        while True:
            try:
                with open(os.path.join(self.hits_folder, str(self.seen + 1))) as file:
                    text = file.read()
            except OSError:
                return
            if not text.endswith("\n"):
                return
            self.seen += 1
            if self.seen not in self.hits:
                continue
            pid = int(text)
            is_server = pid in self.ready_files
            if self.deed == "stop":
                self.stopped[pid] = (time.monotonic(), {i: d.get("epoch", 0)
                                                        for i, d in documents.items()})
            elif not is_server and self.deed in ("kill", "exit"):
                self.owe_claims(dead=pid)

    def go_on(self, documents):
        """Past the lease, and when somebody else has the work, or nobody will have it."""
        for pid, (since, epochs) in list(self.stopped.items()):
            passed = time.monotonic() - since
            taken = any(d.get("epoch", 0) > epochs.get(i, 0) or d["state"] in FINAL
                        for i, d in documents.items())
            if passed < LEASE_S * 1.2 or (not taken and passed < STOPPED_S * PATIENCE):
                continue
            del self.stopped[pid]
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass  # it did not stop in its grace

    def restart(self, documents):
        if self.held or self.living():
            return
        dead = [p.pid for p in self.servers if p.poll() is not None and p.pid not in self.ours]
        self.note_hits(documents)  # those that it died of
        if len(dead) > self.seen:
            raise Broken("a server ended by itself")
        self.spawn()
        if self.deed != "stop":
            self.owe_claims()

    # Promises that are about a time

    def owe_claims(self, dead=0):
        """From now on: what an earlier crash took away, this one has taken away again."""
        self.claims = []
        at_work = any(pid != dead for pid in self.workers())
        for id, document in self.disk.documents().items():
            state, epoch = document["state"], document.get("epoch", 0)
            if state == "queued" or (state == "awaiting_upload" and self.disk.has_source(id)):
                self.claims.append(Claim(id, epoch + 1))
            elif state in ("dispatched", "processing") and not at_work:
                # One that was given out and never started may still start.
                is_started = dead or (document.get("attempt") or {}).get("nonce")
                self.claims.append(Claim(id, epoch + 1 if is_started else epoch))

    def note_claims(self, documents):
        for claim in list(self.claims):
            if claim.is_met(documents.get(claim.video)):
                self.claims.remove(claim)
                self.claimed.append(time.time() - claim.since)
            elif time.time() - claim.since > 30 * PATIENCE:
                raise Broken(f"the work on {claim.video} was not claimed for 30 s")

    def note_visible(self, id, document):
        """At every moment: what is visible is complete, and one result, one event for each end."""
        result = document.get("result") or {}
        key, generation = result.get("manifest_key"), document["generation"]
        if key and document["state"] == "processed":
            known = self.results.setdefault((id, generation), key)
            if known != key:
                raise Broken(f"generation {generation} shows {known} and then {key}")
        if document.get("outbox_event") and document["state"] in FINAL:
            ended = (id, generation, document["state"], document["finished_ms"])
            known = self.outcomes.setdefault(ended, document["outbox_event"])
            if known != document["outbox_event"]:
                raise Broken(f"{document['state']} is told as {known} and as "
                             f"{document['outbox_event']}")

    # For scenarios

    def wait(self, condition, what, seconds=20):
        end = time.monotonic() + seconds * PATIENCE
        while time.monotonic() < end:
            if self.broken is not None:
                raise self.broken
            answer = condition()
            if answer:
                return answer
            time.sleep(LOOK_S)
        raise Broken(f"waited {seconds * PATIENCE:.0f} s for {what}")

    def worker_of(self, id):
        """Its process id, once it has claimed its epoch and its codec is at work."""
        def working():
            document = self.disk.document(id)
            return document is not None and document["state"] == "processing" and \
                self.disk.has_run() and self.workers()
        return self.wait(working, "a worker")[0]

    def finish(self):
        """Ends everything that is left; what should not be left is told."""
        self.wait(lambda: not self.stopped, "the stopped to go on")
        self.down(signal.SIGINT)
        self.over.set()
        self.tender.join()
        end = time.monotonic() + 10 * PATIENCE
        while self.processes() and time.monotonic() < end:
            time.sleep(LOOK_S)
        left = self.processes()
        if left:
            raise Broken(f"processes are left over: {left}")

    def kill_all(self):
        self.over.set()
        if self.tender.is_alive():
            self.tender.join()
        for process in self.servers:
            process.kill()
            process.wait()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
