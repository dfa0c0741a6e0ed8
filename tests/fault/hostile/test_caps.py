"""test_caps.py - every limit of policy.limits from both sides: at it passes, just over it fails."""
import json
import os
import re
import subprocess
import tempfile
import unittest

from vidmill import Failure, Vidmill, wait_for

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; '
         'video = ( { name = "own"; height = 4320; bitrate = "4M"; } ); '
         'audio = ( { name = "mono"; bitrate = "48k"; channels = 1; } );')
# The upload itself is bounded by the same number when this is not given.
SERVER = 'listen = "127.0.0.1:0"; upload_bytes_max = "1GiB";'


def make(path, size, seconds, rate):
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i",
         f"testsrc2=size={size}:rate={rate}:duration={seconds}", "-f", "lavfi", "-i",
         f"sine=sample_rate=16000:duration={seconds}", "-c:v", "libx264", "-preset", "ultrafast",
         "-c:a", "pcm_s16le", "-f", "mov", path], check=True)


def decoded_frames(path):
    run = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-of", "json", "-show_entries",
                          "stream=nb_read_frames:format=duration", path],
                         check=True, capture_output=True, text=True)
    told = json.loads(run.stdout)
    return (sum(int(s["nb_read_frames"]) for s in told["streams"]),
            int(float(told["format"]["duration"]) * 1000))


class Caps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vidmill-caps-")
        cls.addClassCleanup(folder.cleanup)
        cls.small = os.path.join(folder.name, "small.mov")
        cls.heavy = os.path.join(folder.name, "heavy.mov")
        make(cls.small, "96x64", 3, 10)
        make(cls.heavy, "1280x720", 8, 30)
        video, _ = cls.process(cls.small)
        frames, duration = decoded_frames(cls.small)
        cls.used = {"frames": frames, "duration": duration, "bytes": os.path.getsize(cls.small),
                    "streams": 2, "output_bytes": video["result"]["bytes"]}

    @staticmethod
    def process(path, server=SERVER, stage=STAGE, **limits):
        """The video as it ended, and what the worker's log says of the codec child's memory."""
        values = " ".join(f"{name} = {value};" for name, value in limits.items())
        with Vidmill(stage=stage, server=server,
                     policy=f"attempts = 2; limits = {{ {values} }};") as v:
            video = v.wait_end(v.upload(path))
            used = wait_for(lambda: re.search(r"the codec child used (.*?) of processor time and "
                                              r"(\d+) MiB", v.log()) or "bytes" in limits, "the log")
            return video, used

    def passes(self, path, stage=STAGE, **limits):
        video, used = self.process(path, stage=stage, **limits)
        self.assertEqual(video["state"], "processed", video.get("reason"))
        return used

    def fails(self, path, words, stage=STAGE, **limits):
        """For good, with the limit's own name."""
        video, _ = self.process(path, stage=stage, **limits)
        name, = limits
        self.assertEqual((video["state"], video.get("error")), ("failed", "limit"), video)
        self.assertEqual(video["attempts"], 1, "trying it again gives the same")
        self.assertTrue(video["reason"].startswith(f"policy.limits.{name}: "), video["reason"])
        self.assertRegex(video["reason"], words)

    def test_at_all_limits_at_once(self):
        self.passes(self.small, frames=self.used["frames"], pixels='"96x64"', streams=2,
                    duration=f'"{self.used["duration"]}ms"', bytes=self.used["bytes"],
                    output_bytes=self.used["output_bytes"])

    def test_frames(self):
        self.fails(self.small, str(self.used["frames"] - 1), frames=self.used["frames"] - 1)

    def test_duration(self):
        self.fails(self.small, f"{self.used['duration']} ms, .*{self.used['duration'] - 1} ms",
                   duration=f'"{self.used["duration"] - 1}ms"')

    def test_pixels(self):
        self.fails(self.small, "96x64, .*95x64", pixels='"95x64"')
        self.passes(self.small, pixels='"64x96"')

    def test_streams(self):
        self.fails(self.small, "the 1 that", streams=1)

    def test_output_bytes(self):
        self.fails(self.small, str(self.used["output_bytes"] - 1),
                   output_bytes=self.used["output_bytes"] - 1)

    def test_bytes(self):
        less = self.used["bytes"] - 1
        self.fails(self.small, f"{less + 1} bytes, .*{less}", bytes=less)
        with self.assertRaises(Failure) as caught:
            self.process(self.small, server='listen = "127.0.0.1:0";', bytes=less)
        self.assertEqual(caught.exception.status, 413)

    def test_memory(self):
        """What a clip takes differs a little from run to run: the sides are a quarter apart."""
        mib = int(self.passes(self.heavy).group(2))
        self.assertGreater(mib, 90, "a clip that needs memory")
        self.passes(self.heavy, memory=f'"{mib * 5 // 4}MiB"')
        self.fails(self.heavy, f"the {mib * 3 // 4} MiB", memory=f'"{mib * 3 // 4}MiB"')

    def test_processor_time(self):
        slow = STAGE.replace("ultrafast", "medium")
        self.fails(self.heavy, "1.0 s of processor time", stage=slow, cpu='"1s"')
        self.passes(self.heavy, stage=slow, cpu='"2m"')


if __name__ == "__main__":
    unittest.main()
