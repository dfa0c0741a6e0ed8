"""test_budget.py - what a dependency that is down gets from a server under load, and afterwards."""
import re
import threading
import time
import unittest

from rig import OVER, Rig
from vidmill import PATIENCE, Failure

CLIENTS, PAUSE, OUTAGE = 16, 0.05, 4
RESERVE = 10  # RETRY_BUDGET_RESERVE of core/support/retry.h
BUCKET, BUCKETS = 0.1, 40


class Budget(unittest.TestCase):
    def setUp(self):
        counter = {"meta": [{"operation": "find"}]}
        self.rig = Rig("meta", "find", "unavailable", "always", scripts=counter)
        self.addCleanup(self.rig.close)
        self.threads, self.over, self.answers = [], threading.Event(), {}

    def count(self, name):
        text = self.rig.ask("GET", "/metrics", raw=True).decode()
        wanted = r'plugin_%s_total\{role="meta",[^}]*operation="find"\} (\d+)' % name
        found = re.search(wanted, text)
        return int(found.group(1)) if found else 0

    def call(self):
        while not self.over.is_set():
            try:
                self.rig.ask("GET", "/v1/videos")
                answer = 200
            except Failure as failure:
                answer = failure.status
            self.answers[answer] = self.answers.get(answer, 0) + 1
            time.sleep(PAUSE)

    def load(self):
        self.threads = [threading.Thread(target=self.call) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def unload(self):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def test_an_outage_costs_its_callers_tries_and_the_reserve(self):
        self.rig.start()
        self.rig.fault.set_calls(OVER)
        self.load()
        self.addCleanup(self.unload)
        time.sleep(1)
        before = self.count("calls"), self.count("retries")
        self.rig.fault.set_calls(0)
        time.sleep(OUTAGE * PATIENCE)
        tries = self.rig.fault.calls()
        turns = self.count("calls") - before[0]
        retries = self.count("retries") - before[1]
        self.assertGreater(turns, 200)
        self.assertLessEqual(retries, RESERVE)
        self.assertLessEqual(tries, 1.1 * turns)
        self.assertGreater(self.count("retries_refused"), 100)
        self.assertEqual(set(self.answers), {200, 503})
        # Its clients are gone: what comes when it is back is the server's own.
        self.unload()
        self.rig.fault.set_calls(OVER)
        histogram, last = [], self.rig.fault.calls(step=1)
        for _ in range(BUCKETS):
            time.sleep(BUCKET)
            now = self.rig.fault.calls(step=1)
            histogram.append(now - last)
            last = now
        print("calls in each tenth of a second after the outage:", *histogram)
        self.assertLessEqual(max(histogram), RESERVE)
        self.rig.wait(lambda: self.rig.fault.calls(step=1) > last, "the loops to be back")


if __name__ == "__main__":
    unittest.main()
