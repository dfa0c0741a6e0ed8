"""test_thumbnails.py - each thumbnail is the picture that FFmpeg's command shows at its time."""
import os
import subprocess
import tempfile
import unittest

import media
from vidmill import SOURCE, Vidmill

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; output = [ "mp4" ]; {more} '
         'video = ( {{ name = "720p"; height = 720; bitrate = "4000k"; }} ); '
         'audio = ( {{ name = "stereo"; }} );')
#What media / make.sh makes : how many thumbnails 0.5 s apart, how large.
CLIPS = {
    "plain": (4, 320, 180), "portrait": (4, 180, 320), "upside-down": (2, 320, 180), "mirrored": (2, 320, 180),
    "anamorphic": (2, 320, 180), "odd": (2, 320, 180), "ten-bit": (2, 320, 180), "hdr": (2, 320, 180),
    "full-range": (2, 320, 180), "rgb": (2, 320, 180), "one-picture": (1, 320, 180), "wide": (1, 320, 134),
    "upright-film": (2, 180, 320), "late-clock": (6, 320, 180), "vp9": (4, 320, 180), "fast": (4, 320, 180),
    "one-pixel": (2, 2, 2), "cover": (4, 320, 180), "varying": (8, 320, 180),
}
UNTAGGED = ["wide", "upright-film"]  # of a size that is taken for BT.709
LEAST = {"portrait": 27, "hdr": 17}


def make(folder, name):
    path = os.path.join(folder, name)
    subprocess.run(["sh", os.path.join(SOURCE, "tests/media/make.sh"), name, path], check=True)
    return path


class Thumbnails(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-thumbnails-")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def run_one(self, vidmill, source):
        folder, manifest = vidmill.manifest(vidmill.wait_processed(vidmill.upload(source), 120))
        names = sorted(o["name"] for o in manifest["outputs"] if o["name"].startswith("web/thumbnails/"))
        report = manifest["reports"]["web"]
        self.assertEqual(names, [f"web/thumbnails/thumbnail-{i + 1:05d}.jpg" for i in range(len(names))])
        self.assertEqual(len(names), len(report["pictures"].get("thumbnails", {}).get("times_ms", [])))
        return [os.path.join(folder, n) for n in names], report

    def check(self, source, names, report, offset=0.0, least=28, matrix="auto"):
        """Each is like the frame of its time, and less like those around it."""
        size = report["pictures"]["thumbnails"]
        for name, time_ms in zip(names, report["pictures"]["thumbnails"]["times_ms"]):
            time = time_ms / 1000 + offset
            made = media.pixels(name)
            media.decode(name)
            likeness = {t: media.psnr(made, other) for t in (time - 0.4, time, time + 0.4)
                        if t >= 0 and (other := media.pixels(source, t, (size["width"], size["height"]), matrix))}
            self.assertGreater(likeness[time], least, f"{source} {name}: {likeness}")
            self.assertEqual(max(likeness, key=likeness.get), time, f"{source} {name}: {likeness}")

    def test_real_sizes_and_colours(self):
        source = os.path.join(self.temporary.name, "tagged.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=1280x720:rate=30000/1001:duration=11,scale=out_color_matrix=bt709",
                        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "15", "-pix_fmt", "yuv420p", "-g", "300",
                        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", source],
                       check=True)
        with Vidmill(stage=STAGE.format(more='thumbnails = "2s";')) as vidmill:
            names, report = self.run_one(vidmill, source)
            self.check(source, names, report, least=30)
        times = report["pictures"]["thumbnails"]["times_ms"]
        self.assertEqual(len(times), 6)
        for i, time in enumerate(times):
            self.assertTrue(0 <= time - 2000 * i < 34, times)
        self.assertFalse([d for d in report["decisions"] if "thumbnails" in d])

    def test_sources_of_all_kinds(self):
        with Vidmill(stage=STAGE.format(more='thumbnails = "500ms"; copy = false;')) as vidmill:
            for name, (count, width, height) in CLIPS.items():
                with self.subTest(name):
                    source = make(self.temporary.name, name)
                    names, report = self.run_one(vidmill, source)
                    size = report["pictures"]["thumbnails"]
                    self.assertEqual((len(names), size["width"], size["height"]), (count, width, height))
                    for each in names:
                        picture = media.probe(each)["streams"][0]
                        self.assertEqual((picture["width"], picture["height"]), (width, height))
                    if name == "hdr":  # made of the same pattern
                        source = make(self.temporary.name, "plain")
                    if name not in ("late-clock", "cover", "one-pixel"):
                        self.check(source, names, report, least=LEAST.get(name, 28),
                                   matrix="bt709" if name in UNTAGGED else "auto")
            names, report = self.run_one(vidmill, make(self.temporary.name, "no-picture"))
            self.assertEqual(names, [])

    def test_what_is_copied_gives_its_keyframes(self):
        source = os.path.join(self.temporary.name, "fits.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=1280x720:rate=25:duration=12", "-c:v", "libx264", "-preset", "veryfast",
                        "-pix_fmt", "yuv420p", "-bf", "3", "-b:v", "2500k", "-maxrate", "3000k", "-bufsize", "3000k",
                        "-colorspace", "smpte170m", "-g", "35", "-sc_threshold", "0", source], check=True)
        with Vidmill(stage=STAGE.format(more='thumbnails = "3s";')) as vidmill:
            names, report = self.run_one(vidmill, source)
            self.check(source, names, report)
        self.assertTrue(report["video"][0]["copied"], report["decisions"])
        self.assertEqual(report["pictures"]["thumbnails"]["times_ms"], [0, 4200, 7000, 9800])
        self.assertIn("thumbnails made of keyframes: pictures that are copied are not decoded", report["decisions"])

    def test_a_clip_has_those_of_its_own_time(self):
        source = make(self.temporary.name, "ten-seconds")
        more = 'thumbnails = "1s"; thumbnail_height = 90; clip = { from = "3s"; to = "7s"; };'
        with Vidmill(stage=STAGE.format(more=more)) as vidmill:
            names, report = self.run_one(vidmill, source)
            self.check(source, names, report, offset=3.0, least=26)
        self.assertEqual(report["pictures"]["thumbnails"]["times_ms"], [0, 1000, 2000, 3000])
        self.assertEqual(report["pictures"]["thumbnails"]["height"], 90)

    def test_there_are_no_more_than_may_be(self):
        source = make(self.temporary.name, "ten-seconds")
        with Vidmill(stage=STAGE.format(more='thumbnails = "100ms"; thumbnails_max = 4;')) as vidmill:
            names, report = self.run_one(vidmill, source)
            self.check(source, names, report)
        self.assertEqual(len(names), 4)
        self.assertRegex(" ".join(report["decisions"]), r"thumbnails 25\d\d ms apart: there may be 4 of them")


if __name__ == "__main__":
    unittest.main()
