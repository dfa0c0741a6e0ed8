"""test_clock.py - the clock is set back or forward by hours: nothing is lost, nothing waits for it."""
import os
import signal
import time
import unittest

import at_rest
import side_by_side
from short_job import SECTIONS, Upload, script
from vidmill import Vidmill, wait_for

HOUR_MS = 3600 * 1000
SLOW = script('operation = "run"; times = 1; delay = "3s";')
# As long as there is no clock to be waited for.
SOON = 20


class Clock(unittest.TestCase):
    def begin(self, **sections):
        self.vidmill = Vidmill(**dict(SECTIONS, **sections))
        self.addCleanup(self.vidmill.close)
        self.clock = at_rest.Clock(self.vidmill.folder)
        self.vidmill.extra = self.clock.environment()
        self.vidmill.start()

    def upload(self):
        upload = Upload(self.vidmill)
        wait_for(upload.send, "the upload")
        return upload.id

    def begin_work(self, **sections):
        self.begin(stage=SLOW, **sections)
        id = self.upload()
        wait_for(lambda: self.vidmill.show(id)["state"] == "processing" and self.vidmill.children(),
                 "the work to begin")
        return id

    def finish(self, id):
        video = self.vidmill.wait_processed(id, SOON)
        self.vidmill.stop()
        self.assertEqual(at_rest.sweep(self.vidmill) + at_rest.check(self.vidmill), [])
        return video

    def kill_workers(self):
        for pid in self.vidmill.workers():
            os.kill(pid, signal.SIGKILL)

    def test_back_while_it_works(self):
        id = self.begin_work()
        self.clock.step(-HOUR_MS)
        self.assertEqual(len(self.finish(id)["history"]), 1)

    def test_forward_while_it_works(self):
        id = self.begin_work()
        self.clock.step(HOUR_MS)
        self.assertEqual(len(self.finish(id)["history"]), 1, "a living worker keeps its work")

    def test_back_and_the_worker_dies(self):
        id = self.begin_work()
        self.clock.step(-HOUR_MS)
        self.kill_workers()
        self.finish(id)

    def test_back_and_the_worker_is_silent(self):
        id = self.begin_work(policy=SECTIONS["policy"].replace("1s", "2s"))
        worker, = self.vidmill.workers()
        os.kill(worker, signal.SIGSTOP)
        self.clock.step(-HOUR_MS)
        wait_for(lambda: worker not in self.vidmill.workers(), "the silent one to be stopped", SOON)
        self.finish(id)

    def test_back_while_no_server_is_there(self):
        id = self.begin_work()
        self.vidmill.kill()
        self.kill_workers()
        self.clock.step(-HOUR_MS)
        self.vidmill.start()
        self.finish(id)

    def test_back_before_the_task_is_started(self):
        """It waits in the queue for the one place, then for a message that is hidden."""
        first = self.begin_work()
        second = self.upload()
        self.clock.step(-HOUR_MS)
        self.vidmill.wait_processed(second, SOON)
        self.finish(first)

    def test_back_while_it_waits_for_its_next_attempt(self):
        self.begin(stage=script('operation = "run"; times = 1; answer = "unavailable";'),
                   policy='attempts = 4; backoff = "3s"; backoff_max = "3s"; lease = "1s";')
        id = self.upload()
        wait_for(lambda: self.vidmill.show(id).get("attempts"), "the first attempt to fail")
        self.clock.step(-HOUR_MS)
        self.finish(id)

    def test_forward_while_it_waits_for_its_next_attempt(self):
        self.begin(stage=script('operation = "run"; times = 1; answer = "unavailable";'),
                   policy='attempts = 4; backoff = "1h"; backoff_max = "1h"; lease = "1s";')
        id = self.upload()
        wait_for(lambda: self.vidmill.show(id).get("attempts"), "the first attempt to fail")
        self.clock.step(2 * HOUR_MS)
        self.finish(id)

    def test_to_and_fro(self):
        id = self.begin_work(policy=SECTIONS["policy"].replace("4", "9"))
        for step in (-HOUR_MS, HOUR_MS, 0, -2 * HOUR_MS, 24 * HOUR_MS, 0):
            self.clock.step(step)
            time.sleep(0.3)
        self.finish(id)

    def test_back_before_the_upload(self):
        self.begin()
        upload = Upload(self.vidmill)
        upload.answer = self.vidmill.ask("POST", "/v1/videos", {"name": "a"})
        upload.id = upload.answer["video"]["id"]
        self.clock.step(-HOUR_MS)
        wait_for(upload.send, "the upload")
        self.finish(upload.id)


if __name__ == "__main__":
    side_by_side.main()
