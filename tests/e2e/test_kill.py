"""test_kill.py - kill -9 of each process in the middle; one visible result, nothing half-written."""
import os
import signal
import time
import unittest

from vidmill import Vidmill, clip, wait_for

CLIP = "movie-hello.mp4"
SLOW = 'name = "web"; plugin = "codec-ffmpeg"; ' \
       'video = ( { name = "720p"; height = 720; bitrate = "2500k"; } ); ' \
       'audio = ( { name = "stereo"; bitrate = "96k"; } ); output = [ "hls", "mp4" ]; ' \
       'preset = "medium";'


class Kill(unittest.TestCase):
    def setUp(self):
        self.vidmill = Vidmill(stage=SLOW).start()
        self.addCleanup(self.vidmill.close)

    def begin(self, name=CLIP):
        id = self.vidmill.upload(clip(name))
        wait_for(lambda: self.vidmill.show(id)["state"] == "processing", "the work to begin")
        wait_for(self.vidmill.children, "the codec child")
        return id

    def attempts_of(self, id):
        folder = os.path.join(self.vidmill.state, "storage", "objects", "processed", id)
        return os.listdir(folder) if os.path.isdir(folder) else []

    def check_one_result(self, id):
        video = self.vidmill.wait_processed(id)
        folder, manifest = self.vidmill.manifest(video)
        for output in manifest["outputs"]:
            path = os.path.join(folder, output["name"])
            self.assertEqual(os.path.getsize(path), output["bytes"])
        ended = [h for h in video["history"] if h["end"] == "succeeded"]
        self.assertEqual(len(ended), 1)
        # What lost attempts left goes after a lease.
        wait_for(lambda: self.attempts_of(id) == [os.path.basename(folder)],
                 "the left-overs to be removed")
        return video

    def test_worker(self):
        id = self.begin()
        worker, = self.vidmill.workers()
        os.kill(worker, signal.SIGKILL)
        killed = time.monotonic()
        wait_for(lambda: self.vidmill.show(id)["attempts"] if "attempts" in self.vidmill.show(id)
                 else 0, "the loss to be noticed")
        wait_for(lambda: [w for w in self.vidmill.workers() if w != worker], "the next attempt")
        print(f"claimed again {time.monotonic() - killed:.2f} s after the worker was killed")
        self.check_one_result(id)

    def test_codec_child(self):
        # Before the child has begun to decode, its death is no decoder's; three minutes of video
        # are not done before progress is told.
        id = self.begin("wannaworktogether.mp4")
        wait_for(lambda: self.vidmill.show(id).get("progress", {}).get("done_ms"), "progress")
        os.kill(self.vidmill.children()[0], signal.SIGKILL)
        video = self.check_one_result(id)
        self.assertEqual(video["history"][0]["error"], "decoder_crash", video["history"])

    def test_server(self):
        id = self.begin()
        self.vidmill.kill()
        self.vidmill.start()
        self.check_one_result(id)

    def test_server_and_worker(self):
        id = self.begin()
        self.vidmill.kill()
        for worker in self.vidmill.workers():
            os.kill(worker, signal.SIGKILL)
        wait_for(lambda: not self.vidmill.workers(), "the worker to be gone")
        self.vidmill.start()
        restarted = time.monotonic()
        wait_for(self.vidmill.workers, "the work to be claimed again")
        seconds = time.monotonic() - restarted
        print(f"claimed again {seconds:.2f} s after the restart")
        self.check_one_result(id)

    def test_server_right_after_the_upload(self):
        id = self.vidmill.upload(clip(CLIP))
        self.vidmill.kill()
        self.vidmill.start()
        self.check_one_result(id)


class Drain(unittest.TestCase):
    def test_sigterm_waits_for_what_can_be_finished(self):
        vidmill = Vidmill().start()
        self.addCleanup(vidmill.close)
        id = vidmill.upload(clip("realshort.mp4"))
        wait_for(lambda: vidmill.show(id)["state"] != "queued", "the work to begin")
        self.assertEqual(vidmill.stop(), 0)
        wait_for(lambda: not vidmill.processes(), "the last process to end", 10)
        vidmill.start()
        self.assertEqual(vidmill.show(id)["state"], "processed")

    def test_sigterm_hands_back_what_it_cannot_finish(self):
        vidmill = Vidmill(stage=SLOW, server='listen = "127.0.0.1:0"; drain = "100ms";').start()
        self.addCleanup(vidmill.close)
        id = vidmill.upload(clip("wannaworktogether.mp4"))
        wait_for(vidmill.children, "the codec child")
        self.assertEqual(vidmill.stop(), 0)
        wait_for(lambda: not vidmill.processes(), "the last process to end", 10)
        vidmill.start()
        video = vidmill.show(id)
        self.assertEqual(video["history"][-1]["end"], "released")
        self.assertEqual(video.get("attempts", 0), 0, "a hand-back is no attempt")
        vidmill.ask("POST", f"/v1/videos/{id}/cancel")
        self.assertEqual(vidmill.wait_end(id)["state"], "canceled")
        wait_for(lambda: not vidmill.workers(), "the canceled worker to end")


if __name__ == "__main__":
    unittest.main()
