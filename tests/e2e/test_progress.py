"""test_progress.py - how far the work is, told by the API, by `show` and `watch`, and in the log; and it is true."""
import os
import re
import subprocess
import tempfile
import unittest

from vidmill import Vidmill, wait_for

# The clip of the second stage is half of its source: what is left must not count the other half.
STAGES = ('name = "web"; plugin = "codec-ffmpeg"; preset = "medium"; output = [ "mp4" ]; copy = false; '
          'video = ( { name = "720p"; height = 720; bitrate = "8000k"; quality = 16; } ); '
          'audio = ( { name = "stereo"; loudness = -20; } ); }, '
          '{ name = "half"; plugin = "codec-ffmpeg"; preset = "medium"; output = [ "mp4" ]; '
          'video = ( { name = "720p"; height = 720; bitrate = "8000k"; quality = 14; } ); '
          'clip = { from = "0s"; to = "5s"; };')
SECONDS = 10


class Progress(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-progress-")
        cls.source = os.path.join(cls.temporary.name, "noise.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i",
                        f"testsrc2=size=1280x720:rate=25:duration={SECONDS},noise=alls=40:allf=t", "-f", "lavfi", "-i",
                        f"sine=duration={SECONDS}", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
                        "-crf", "28", "-c:a", "aac", cls.source], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def follow(self, vidmill, identity):
        """Every progress that the API told, once each, and a `show` from the middle."""
        told, shown = [], []

        def ended():
            video = vidmill.show(identity)
            progress = video.get("progress")
            if video["state"] == "processing" and progress and progress not in told:
                told.append(progress)
                if progress.get("speed") and not shown:
                    shown.append(vidmill.cli("show", identity).stdout)
            return video if video["state"] in ("processed", "failed") else None
        video = wait_for(ended, "the video to end", 300)
        self.assertEqual(video["state"], "processed", video.get("reason"))
        return told, shown

    def span_ms(self, told, stage):
        """How long a stage told of itself: the log does, every ten seconds of it."""
        moments = [p["at_ms"] for p in told if p["stage"] == stage]
        return max(moments) - min(moments) if moments else 0

    def test_it_is_told_and_true(self):
        with Vidmill(stage=STAGES) as vidmill:
            told, shown = self.follow(vidmill, vidmill.upload(self.source))
            log = vidmill.log()
        moving = [p for p in told if p.get("speed")]
        self.assertTrue(moving, told)
        for progress in told:
            self.assertEqual(progress["stages"], 2)
            self.assertEqual(progress["number"], {"web": 1, "half": 2}[progress["stage"]])
            whole = {"web": SECONDS, "half": SECONDS / 2}[progress["stage"]] * 1000
            self.assertAlmostEqual(progress["total_ms"], whole, delta=100)
            self.assertLessEqual(progress.get("done_ms", 0), progress["total_ms"])
        for progress in moving:
            left = (progress["total_ms"] - progress["done_ms"]) / progress["speed"]
            self.assertAlmostEqual(progress.get("left_ms", 0), left, delta=left * 0.01 + 2)
        for before, after in zip(told, told[1:]):
            if before["stage"] == after["stage"]:
                self.assertLessEqual(before.get("done_ms", 0), after.get("done_ms", 0))
        self.assertLessEqual([p["number"] for p in told], sorted(p["number"] for p in told))
        self.assertTrue(shown)
        self.assertRegex(shown[0], r"done +\d+ %\n")
        self.assertRegex(shown[0], r"stage +(web|half) \([12] of 2\), \d+\.\d+x, [0-9.a-z ]+ left\n")
        lines = re.findall(r"\"(\d+ % are done, at [0-9.]+x, [^\"]+ left)\"", log)
        self.assertTrue(lines or all(self.span_ms(told, stage) < 10000 for stage in ("web", "half")), log[-3000:])


if __name__ == "__main__":
    unittest.main()
