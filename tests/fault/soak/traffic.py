"""traffic.py - what strangers do to a running vidmill all the time, and what they may expect then."""
import json
import os
import random
import subprocess
import threading
import time

import at_rest
from short_job import NO_ANSWER, SOURCE, Upload
from vidmill import VIDMILL, Failure

GOOD, BAD = SOURCE, b"This is not a video.\n" * 50
BACKLOG_MOST = 20
WAYS = ("api", "cli", "inbox")


class Video:
    """One that was promised: what it may have become at the end."""

    def __init__(self, way, good):
        self.way, self.good = way, good
        self.states = {"processed"} if good else {"failed"}
        self.may_be_gone, self.must_be_gone = False, False
        self.born = time.monotonic()

    def canceled(self, surely):
        if surely:
            self.states = {"canceled"}
        else:
            self.states.add("canceled")

    def removed(self, surely):
        self.may_be_gone = True
        self.must_be_gone = self.must_be_gone or surely
        self.states.add("canceled")

    def retried(self):
        """Started anew: a cancellation from before means nothing any more."""
        self.states.add("processed" if self.good else "failed")


class Traffic:
    """Clients, each a thread, that send and ask through any of the servers."""

    def __init__(self, servers, folder, seed, clients=3):
        self.servers, self.folder = servers, folder
        self.videos, self.dropped = {}, {}  # by id; by name, of the inbox
        self.counts = dict.fromkeys(WAYS + ("cancel", "retry", "delete", "no answer"), 0)
        self.lock, self.stop = threading.Lock(), threading.Event()
        self.faults, self.number = [], 0
        for name, data in (("good", GOOD), ("bad", BAD)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        self.threads = [threading.Thread(target=self.live, args=(random.Random(seed + n),))
                        for n in range(clients)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def count(self, name):
        with self.lock:
            self.counts[name] += 1
            self.number += 1
            return self.number

    def live(self, chance):
        while not self.stop.is_set():
            try:
                if at_rest.backlog(self.servers[0]) < BACKLOG_MOST:
                    self.bring(chance)
                self.meddle(chance)
            except NO_ANSWER:
                self.count("no answer")
            except Exception as error:  # pylint: disable=broad-except
                self.faults.append(f"a client: {type(error).__name__}: {error}")
            self.stop.wait(chance.uniform(0.05, 0.6))

    def bring(self, chance):
        way, good = chance.choice(WAYS), chance.random() < 0.85
        name = f"{way}-{self.count(way)}"
        server = chance.choice(self.servers)
        if way == "api":
            self.bring_by_api(server, name, good)
        elif way == "cli":
            self.bring_by_cli(server, name, good)
        else:
            self.drop(server, name, good)

    def bring_by_api(self, server, name, good):
        upload = Upload(server, GOOD if good else BAD, name)
        while not upload.send() and not self.stop.is_set():
            # Another server knows the same video, and takes the same URL.
            upload.vidmill = random.choice(self.servers)
            time.sleep(0.2)
        if upload.acknowledged:
            self.videos[upload.id] = Video("api", good)

    def bring_by_cli(self, server, name, good):
        answer = subprocess.run(
            [VIDMILL, "upload", os.path.join(self.folder, "good" if good else "bad"), "--name", name,
             "--no-wait", "--json"], capture_output=True, text=True,
            env=dict(server.environment(), VIDMILL_SERVER=server.address))
        if answer.returncode == 0:
            self.videos[json.loads(answer.stdout)["id"]] = Video("cli", good)
        else:
            self.count("no answer")

    def drop(self, server, name, good):
        inbox = os.path.join(server.state, "inbox")
        with open(os.path.join(inbox, "." + name), "wb") as file:
            file.write(GOOD if good else BAD)
        os.rename(os.path.join(inbox, "." + name), os.path.join(inbox, name))
        self.dropped[name] = Video("inbox", good)

    def meddle(self, chance):
        """Cancels, retries or deletes one of the newest."""
        if not self.videos or chance.random() > 0.3:
            return
        id = chance.choice(list(self.videos)[-30:])
        what = chance.choice(("cancel", "retry", "delete"))
        video = self.videos[id]
        with self.lock:  # of two deeds on one video nobody could say which was the last
            if video.may_be_gone:
                return
            self.counts[what] += 1
            surely = self.ask(chance.choice(self.servers), id, what)
            if surely is None:
                return
            if what == "cancel":
                video.canceled(surely)
            elif what == "delete":
                video.removed(surely)
            else:
                video.retried()

    def ask(self, server, id, what):
        """True: it was done; False: perhaps; None: it was refused."""
        try:
            if what == "delete":
                server.ask("DELETE", f"/v1/videos/{id}")
            else:
                server.ask("POST", f"/v1/videos/{id}/{what}")
            return True
        except Failure as failure:
            return False if failure.status >= 500 else None
        except NO_ANSWER:
            return False
