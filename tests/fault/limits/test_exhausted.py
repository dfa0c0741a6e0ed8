"""test_exhausted.py - descriptors and memory run out while it serves: 503, then all goes on."""
import os
import resource
import subprocess
import time
import unittest

import at_rest
import side_by_side
from short_job import SECTIONS, SOURCE, Upload, script
from vidmill import VIDMILL, Vidmill, wait_for

MIB = 1 << 20
LARGE = SOURCE + bytes(20 * MIB)
SLOW = script('operation = "run"; times = 1; delay = "2s";')


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def address_space(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


class Exhausted(unittest.TestCase):
    def begin(self, **sections):
        self.vidmill = Vidmill(**dict(SECTIONS, **sections))
        self.addCleanup(self.vidmill.close)
        # One that cannot accept a connection lets it wait.
        self.vidmill.timeout = 2
        self.vidmill.start()
        self.pid = self.vidmill.process.pid

    def limit(self, kind, value):
        """Of the running server; the hard limit stays, so that it can be lifted."""
        hard = resource.prlimit(self.pid, kind)[1]
        resource.prlimit(self.pid, kind, (value, hard))

    def lift(self, kind):
        self.limit(kind, resource.prlimit(self.pid, kind)[1])

    def process(self, upload, seconds=30):
        wait_for(upload.send, "the upload")
        return self.vidmill.wait_processed(upload.id, seconds)

    def finish(self):
        self.vidmill.stop()
        self.assertEqual(at_rest.sweep(self.vidmill) + at_rest.check(self.vidmill), [])

    def suffer(self, upload, seconds=3):
        """Sends again and again while nothing works; whatever is answered is no lie."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not upload.send():
            time.sleep(0.1)
        self.assertTrue(set(upload.refusals) <= {0, 503}, upload.refusals)
        self.assertIsNone(self.vidmill.process.poll(), "the server ended:\n" + self.vidmill.log())

    def test_descriptors(self):
        self.begin()
        self.process(Upload(self.vidmill))
        counts = []
        for _ in range(4):
            upload = Upload(self.vidmill)
            self.limit(resource.RLIMIT_NOFILE, descriptors(self.pid))
            self.suffer(upload, 1)
            self.lift(resource.RLIMIT_NOFILE)
            self.process(upload)
            wait_for(lambda: not at_rest.unsettled(self.vidmill), "rest")
            counts.append(descriptors(self.pid))
        self.assertLessEqual(counts[-1], counts[1] + 3, f"descriptors are lost: {counts}")
        self.finish()

    def test_descriptors_at_the_start(self):
        self.begin()
        self.vidmill.stop()
        ended = 0
        for number in range(5, 60, 11):
            limited = ["prlimit", f"--nofile={number}:{number}"]
            answer = subprocess.run(
                [*limited, "timeout", "-s", "INT", "2", VIDMILL, "serve", self.vidmill.pipeline,
                 "--state", self.vidmill.state], env=self.vidmill.environment(),
                capture_output=True, text=True, timeout=60)
            self.assertLess(answer.returncode, 128, f"{number}: {answer}")
            if answer.returncode not in (0, 124):
                ended += 1
                self.assertIn("oo many open files", answer.stderr, number)
        self.assertGreater(ended, 0)
        self.vidmill.start()
        self.process(Upload(self.vidmill))
        self.finish()

    def test_memory_of_the_server(self):
        self.begin()
        for room in (0, 1 * MIB, 4 * MIB, 16 * MIB):
            upload = Upload(self.vidmill, LARGE)
            self.limit(resource.RLIMIT_AS, address_space(self.pid) + room)
            self.suffer(upload, 1)
            self.lift(resource.RLIMIT_AS)
            self.process(upload)
        self.finish()

    def test_memory_of_a_worker(self):
        self.begin(stage=SLOW, policy='attempts = 9; backoff = "50ms"; backoff_max = "100ms"; '
                                      'lease = "2s";')
        upload = Upload(self.vidmill, LARGE)
        wait_for(upload.send, "the upload")
        worker, = wait_for(self.vidmill.workers, "the worker")
        wait_for(self.vidmill.children, "its child")
        hard = resource.prlimit(worker, resource.RLIMIT_AS)[1]
        resource.prlimit(worker, resource.RLIMIT_AS, (address_space(worker), hard))
        self.process(upload)
        self.finish()


if __name__ == "__main__":
    side_by_side.main()
