"""test_disk.py - the disk is full, read-only or broken for a while: 503 and nothing half-written,
then all of it goes on.

Each test is run on calls that are refused, and, where a file system may be mounted (unshare(1)),
on a small one that is really full.
"""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

import at_rest
import side_by_side
from short_job import SECTIONS, SOURCE, Upload, script
from vidmill import BUILD, Failure, Vidmill, wait_for

SLOW = script('operation = "run"; times = 1; delay = "2s";')
PATIENT = {"policy": 'attempts = 9; backoff = "200ms"; backoff_max = "500ms"; lease = "2s";'}
SMALL_MIB = 24


class Disk(unittest.TestCase):
    """A server whose disk can be filled and freed."""
    code = "ENOSPC"
    words = ("disk full", "disk is full")

    def begin(self, **sections):
        self.vidmill = Vidmill(**dict(SECTIONS, **PATIENT, **sections))
        self.addCleanup(self.vidmill.close)
        self.switch = os.path.join(self.vidmill.folder, "trouble")
        self.vidmill.wrapper = [os.path.join(BUILD, "tests", "bin", "nth-call"), "any", self.switch,
                                self.code, os.path.join(self.vidmill.folder, "calls")]

    def fill(self):
        open(self.switch, "w").close()

    def free(self):
        os.remove(self.switch)

    def refused(self, upload):
        """Sends until it was refused once, by a 503."""
        wait_for(lambda: upload.send() or upload.refusals, "an answer")
        self.assertFalse(upload.acknowledged)
        self.assertEqual(upload.refusals[0], 503)

    def seen(self):
        """Reading may need to write, too: what is shared between processes."""
        try:
            return self.vidmill.ask("GET", "/v1/videos")["videos"]
        except Failure as failure:
            self.assertEqual(failure.status, 503)
            return []

    def finish(self, upload):
        wait_for(upload.send, "the upload")
        self.vidmill.wait_processed(upload.id, 30)
        self.vidmill.stop()
        self.vidmill.wrapper = []
        self.assertEqual(at_rest.sweep(self.vidmill) + at_rest.check(self.vidmill), [])

    def test_at_the_upload(self):
        self.begin()
        self.vidmill.start()
        upload = Upload(self.vidmill, SOURCE + bytes(9 << 20))
        upload.answer = self.vidmill.ask("POST", "/v1/videos", {"name": "a"})
        upload.id = upload.answer["video"]["id"]
        self.fill()
        self.refused(upload)
        self.assertEqual(at_rest.files(self.vidmill, "objects"), [])
        self.free()
        self.finish(upload)

    def test_while_it_works(self):
        self.begin(stage=SLOW)
        self.vidmill.start()
        upload = Upload(self.vidmill)
        wait_for(upload.send, "the upload")
        wait_for(lambda: self.vidmill.show(upload.id)["state"] == "processing", "the work")
        self.fill()
        time.sleep(4)  # the work meets it, and perhaps the next attempt
        for video in self.seen():
            self.assertNotIn(video["state"], ("processed", "failed"), video)
        self.free()
        self.finish(upload)

    def test_when_the_server_starts(self):
        self.begin()
        self.fill()
        with self.assertRaises(AssertionError) as caught:
            self.vidmill.start()
        self.assertTrue(any(word in str(caught.exception) for word in self.words),
                        caught.exception)
        self.free()
        self.vidmill.start()
        self.finish(Upload(self.vidmill))

    def test_when_the_server_is_killed(self):
        self.begin(stage=SLOW)
        self.vidmill.start()
        upload = Upload(self.vidmill)
        wait_for(upload.send, "the upload")
        self.fill()
        for pid in self.vidmill.processes():
            # Who has lost its parent may be gone already.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not self.vidmill.processes(), "their end")
        try:
            self.vidmill.start()
        except AssertionError:
            pass
        self.free()
        if not self.vidmill.processes():
            self.vidmill.start()
        self.finish(upload)

    def test_metadata(self):
        self.begin()
        self.vidmill.start()
        self.fill()
        with self.assertRaises(Failure) as caught:
            self.vidmill.ask("POST", "/v1/videos", {"name": "a"})
        self.assertEqual(caught.exception.status, 503)
        self.assertEqual(self.seen(), [])
        self.free()
        self.finish(Upload(self.vidmill))


class ReadOnly(Disk):
    code = "EROFS"
    words = ("read-only",)


class Broken(Disk):
    code = "EIO"
    words = ("Input/output error", "disk I/O error")


class Small(Disk):
    """A file system of its own."""

    def begin(self, **sections):
        if "VIDMILL_TEST_MOUNTS" not in os.environ:
            self.skipTest("no file system may be mounted here")
        self.vidmill = Vidmill(**dict(SECTIONS, **PATIENT, **sections))
        os.mkdir(self.vidmill.state)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_MIB}m,mode=0700", "small",
                        self.vidmill.state], check=True)
        self.addCleanup(self.close)
        self.filler = os.path.join(self.vidmill.state, "filler")

    def close(self):
        state = self.vidmill.state
        for pid in self.vidmill.processes():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not self.vidmill.processes(), "their end")
        subprocess.run(["umount", state], check=True)
        shutil.rmtree(self.vidmill.folder)

    def fill(self):
        with open(self.filler, "wb", buffering=0) as file:
            for block in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(bytes(block))
                except OSError:
                    continue

    def free(self):
        os.remove(self.filler)

    def test_metadata(self):
        """Where the log has room left, what is acknowledged is kept; where not, it is 503."""
        self.begin()
        self.vidmill.start()
        self.fill()
        kept = []
        for _ in range(200):
            try:
                kept.append(self.vidmill.ask("POST", "/v1/videos", {"name": "a"})["video"]["id"])
            except Failure as failure:
                self.assertEqual(failure.status, 503)
        self.free()
        self.vidmill.kill()
        self.vidmill.start()
        for id in kept:
            self.assertEqual(self.vidmill.show(id)["state"], "awaiting_upload")
        self.finish(Upload(self.vidmill))


def run_with_mounts():
    """This file again, in a mount namespace of its own where that is allowed."""
    enter = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user",
                                                             "--mount"]
    if "VIDMILL_TEST_MOUNTS" not in os.environ and \
            subprocess.run([*enter, "true"], capture_output=True).returncode == 0:
        os.environ["VIDMILL_TEST_MOUNTS"] = "yes"
        os.execvp(enter[0], [*enter, sys.executable, *sys.argv])


if __name__ == "__main__":
    run_with_mounts()
    side_by_side.main()
