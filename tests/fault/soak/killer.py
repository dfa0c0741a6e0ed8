"""killer.py - every few seconds one process of the many is killed, told to end, or held for a while."""
import collections
import os
import random
import signal
import threading
import time

EVERY_S = 5
ROLES = ("server", "server", "worker", "worker", "child", "keeper")
DEEDS = ("KILL", "KILL", "KILL", "KILL", "TERM", "STOP")


class Killer:
    def __init__(self, servers, seed):
        self.servers = servers  # those that may be killed
        self.chance = random.Random(seed)
        self.counts = collections.Counter()
        self.faults, self.stop = [], threading.Event()
        self.thread = threading.Thread(target=self.live)

    def start(self):
        self.thread.start()

    def end(self):
        self.stop.set()
        self.thread.join()

    def live(self):
        while not self.stop.wait(EVERY_S):
            try:
                self.strike(self.chance.choice(ROLES), self.chance.choice(DEEDS))
            except Exception as error:  # pylint: disable=broad-except
                self.faults.append(f"the killer: {type(error).__name__}: {error}")

    def find(self, role):
        vidmill = self.servers[0]
        if role == "worker":
            return vidmill.workers()
        if role == "child":
            return vidmill.children()
        owners = {server.process.pid for server in vidmill.all_servers}
        return [pid for pid in vidmill.processes("serve") if pid not in owners]

    def strike(self, role, deed):
        if role == "server":
            server = self.chance.choice(self.servers)
            pid = server.process.pid
        else:
            # Those there are at the moment; a keeper looks like its server, but for its parent.
            end = time.monotonic() + EVERY_S
            while not (found := self.find(role)) and time.monotonic() < end:
                time.sleep(0.02)
            if not found:
                return
            server, pid = None, self.chance.choice(found)
        try:
            os.kill(pid, getattr(signal, "SIG" + deed))
        except ProcessLookupError:
            return
        self.counts[role, deed] += 1
        if deed == "STOP":
            self.stop.wait(self.chance.uniform(0.5, 8))
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass
        elif server is not None:
            server.process.wait(timeout=60)
            server.start()
