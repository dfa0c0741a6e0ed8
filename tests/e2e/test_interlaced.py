"""test_interlaced.py - pictures are deinterlaced by what is seen in them, whatever they say of themselves."""
import os
import re
import subprocess
import tempfile
import unittest

import media
from vidmill import Vidmill, clip

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "veryfast"; output = [ "mp4" ]; copy = true; '
         'video = ( { name = "240p"; height = 240; bitrate = "8000k"; quality = 12; } );')
SECONDS = 4
# A wide pattern that runs to the side: fields of different moments do not fit together.
MOVING = f"testsrc2=size=426x240:rate={{}}:duration={SECONDS},boxblur=2:1,scroll=h=0.02"
FIELDS = MOVING.format(50) + ",tinterlace=mode={}"
H264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "10", "-pix_fmt", "yuv420p", "-g", "25"]


def ffmpeg(*words, text=False):
    run = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", *words], check=True, capture_output=True)
    return run.stderr.decode(errors="replace") if text else run.stdout


def similarity(path, wanted):
    """SSIM against frames made independently."""
    text = ffmpeg("-i", path, "-f", "lavfi", "-i", wanted + ",format=yuv420p", "-lavfi",
                  "[0:v]setpts=N/25/TB,format=yuv420p[a];[1:v]setpts=N/25/TB[b];[a][b]ssim", "-f", "null", "-", text=True)
    return float(re.findall(r"All:([0-9.]+)", text)[-1])


class Interlaced(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-interlaced-")
        cls.vidmill = Vidmill(stage=STAGE).start()

    @classmethod
    def tearDownClass(cls):
        cls.vidmill.close()
        cls.temporary.cleanup()

    def source(self, name, pictures, *words):
        path = os.path.join(self.temporary.name, name)
        ffmpeg("-v", "error", "-y", "-f", "lavfi", "-i", pictures, *words, path)
        return path

    def make(self, source):
        video = self.vidmill.wait_processed(self.vidmill.upload(source), 120)
        folder, manifest = self.vidmill.manifest(video)
        path = os.path.join(folder, "web/240p.mp4")
        media.decode(path)
        return path, manifest["reports"]["web"]["decisions"]

    def check_deinterlaced(self, source, says_so):
        self.assertGreater(media.combing(source), 1.1, "the source has no combs to take out")
        path, decisions = self.make(source)
        self.assertLess(media.combing(path), 0.8)
        self.assertEqual(len(media.probe(path, "-show_packets", "-select_streams", "v")["packets"]), SECONDS * 25)
        self.assertIn("deinterlaced", decisions)
        self.assertEqual(any("do not say so" in d for d in decisions), not says_so, decisions)
        return path

    def check_left_alone(self, source):
        path, decisions = self.make(source)
        self.assertNotIn("deinterlaced", decisions)
        self.assertGreater(similarity(path, MOVING.format(25)), 0.985)
        return decisions

    def test_fields_that_say_so(self):
        for order, flags in (("interleave_top", "tff=1"), ("interleave_bottom", "bff=1")):
            with self.subTest(order):
                self.check_deinterlaced(self.source(f"{order}.mp4", FIELDS.format(order), *H264, "-flags", "+ildct+ilme",
                                                    "-x264-params", flags), True)
        self.check_deinterlaced(self.source("tape.mpg", FIELDS.format("interleave_top"), "-c:v", "mpeg2video", "-q:v",
                                            "2", "-flags", "+ildct+ilme", "-top", "1"), True)

    def test_fields_that_say_they_are_none(self):
        for order in ("interleave_top", "interleave_bottom"):
            with self.subTest(order):
                source = self.source(f"silent-{order}.mp4", FIELDS.format(order) + ",setfield=prog", *H264)
                self.assertEqual(media.probe(source)["streams"][0].get("field_order"), "progressive")
                self.check_deinterlaced(source, False)

    def test_pictures_that_say_they_are_fields(self):
        source = self.source("untrue.mp4", MOVING.format(25), *H264, "-flags", "+ildct+ilme", "-x264-params", "tff=1")
        self.assertEqual(media.probe(source)["streams"][0].get("field_order"), "tt")
        decisions = self.check_left_alone(source)
        self.assertTrue([d for d in decisions if "say they are interlaced, and are not" in d], decisions)

    def test_fields_behind_pictures(self):
        """What is joined together may change its kind."""
        parts = [self.source("first.ts", MOVING.format(25).replace(f"={SECONDS},", "=12,"), *H264),
                 self.source("second.ts", FIELDS.format("interleave_top").replace(f"={SECONDS},", "=14,")
                             + ",setfield=prog", *H264)]
        source = os.path.join(self.temporary.name, "joined.mp4")
        ffmpeg("-v", "error", "-y", "-i", "concat:" + "|".join(parts), "-c", "copy", source)
        path, decisions = self.make(source)
        self.assertIn("deinterlaced", decisions)
        self.assertLess(media.combing(path, start=17), 0.8)

    def test_pictures_are_left_alone(self):
        self.assertFalse([d for d in self.check_left_alone(self.source("plain.mp4", MOVING.format(25), *H264, "-g", "250"))
                          if "interlaced" in d])

    def test_real_clips_are_left_alone(self):
        for name in ("VID_20191220_170832.mp4", "movie-hello.mp4", "cockatoo.mp4", "balle-jbart.mp4",
                     "balle1-vp9.avi", "realshort.mp4"):
            with self.subTest(name):
                _, decisions = self.make(clip(name))
                self.assertFalse([d for d in decisions if "interlaced" in d], decisions)


if __name__ == "__main__":
    unittest.main()
