"""test_frame_rate.py - the distances of pictures are kept as they are, or all the same when that is asked for."""
import os
import subprocess
import tempfile
import unittest

import media
from vidmill import SOURCE, Vidmill

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "{preset}"; {more} '
         'video = ( {{ name = "180p"; height = 180; bitrate = "2000k"; }}, '
         '{{ name = "90p"; height = 90; bitrate = "200k"; }} ); audio = ( {{ name = "stereo"; }} );')


class FrameRate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-frame-rate-")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def clip(self, name):
        path = os.path.join(self.temporary.name, name)
        subprocess.run(["sh", os.path.join(SOURCE, "tests/media/make.sh"), name, path], check=True)
        return path

    def times(self, path):
        """From the first moment of all its streams on."""
        info = media.probe(path, "-select_streams", "v:0", "-show_frames", "-show_entries",
                           "frame=best_effort_timestamp_time")
        start = float(info["format"]["start_time"])
        return [float(f["best_effort_timestamp_time"]) - start for f in info["frames"]]

    def run_one(self, more, source, check, preset="ultrafast"):
        with Vidmill(stage=STAGE.format(more=more, preset=preset)) as vidmill:
            folder, manifest = vidmill.manifest(vidmill.wait_processed(vidmill.upload(source), 120))
            check(os.path.join(folder, "web"), manifest["reports"]["web"])

    def check_even(self, folder, rate, count):
        """In all of MP4, HLS and the smaller rendition; a player is told of it as well."""
        for name in ("180p.mp4", "90p.mp4", "hls/180p/playlist.m3u8"):
            times = self.times(os.path.join(folder, name))
            self.assertEqual(len(times), count, name)
            for i, time in enumerate(times):
                self.assertAlmostEqual(time - times[0], i / rate, delta=0.0001, msg=name)
        stream = media.streams(media.probe(os.path.join(folder, "180p.mp4")), "video")[0]
        self.assertAlmostEqual(media.rate(stream["avg_frame_rate"]), rate, delta=0.001)
        self.assertEqual(stream["avg_frame_rate"], stream["r_frame_rate"])
        with open(os.path.join(folder, "hls/master.m3u8")) as file:
            self.assertIn(f"FRAME-RATE={rate:.3f}", file.read())

    def check_pictures(self, folder, source, rate, every=7):
        """Each is the one that the source shows nearest to its time."""
        shown = self.times(source)
        for i in range(0, len(self.times(os.path.join(folder, "180p.mp4"))), every):
            at = max(t for t in shown if t <= i / rate + 0.5 / rate + 0.000001 or t == shown[0])
            made = media.pixels(os.path.join(folder, "180p.mp4"), i / rate, (320, 180))
            wanted = media.pixels(source, at, (320, 180))
            self.assertGreater(media.psnr(made, wanted), 25, f"picture {i}, the source's of {at} s")

    def test_a_varying_rate_is_kept(self):
        source = self.clip("varying")

        def check(folder, report):
            wanted = self.times(source)
            self.assertGreater(max(b - a for a, b in zip(wanted, wanted[1:])), 0.1)
            wanted[0] = 0  # the sound begins earlier
            for name in ("180p.mp4", "90p.mp4"):
                times = self.times(os.path.join(folder, name))
                self.assertEqual(len(times), len(wanted))
                for a, b in zip(times, wanted):
                    self.assertAlmostEqual(a, b, delta=0.0011)
            self.assertFalse([d for d in report["decisions"] if "pictures in a second" in d])
        self.run_one("copy = false;", source, check)

    def test_slides_that_stay_for_a_long_time(self):
        """A pause decoded early makes no file longer, and a picture of hours is no worse than others."""
        source = os.path.join(self.temporary.name, "slides.mkv")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=320x180:rate=30:duration=4", "-vf",
                        "setpts='PTS+(gte(N,40)+gte(N,41)+gte(N,90))*60/TB+gte(N,91)*7000/TB'", "-vsync", "vfr",
                        "-enc_time_base", "1/1000", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", source],
                       check=True)

        def check(folder, _):
            times = self.times(source)
            for name in ("180p.mp4", "hls/180p/playlist.m3u8"):
                path = os.path.join(folder, name)
                for a, b in zip(self.times(path), times, strict=True):
                    self.assertAlmostEqual(a, b, delta=0.0011, msg=name)
                self.assertAlmostEqual(float(media.probe(path)["format"]["duration"]), times[-1] + 1 / 30, delta=0.05)
            for at in (0, times[40], times[90], times[91]):
                self.assertGreater(media.psnr(media.pixels(os.path.join(folder, "180p.mp4"), at),
                                              media.pixels(source, at)), 30, f"at {at}")
        self.run_one("copy = false;", source, check, preset="veryfast")

    def test_a_varying_rate_is_made_constant(self):
        source = self.clip("varying")
        shown = self.times(source)

        def check(folder, report):
            self.check_even(folder, 25, 100)
            self.check_pictures(folder, source, 25)
            self.assertIn(f"a constant 25.000 pictures in a second: {100 - len(shown)} repeated, 0 left out",
                          report["decisions"])
        self.run_one("frame_rate = 25;", source, check)

    def test_what_is_too_fast_is_thinned_out(self):
        source = self.clip("fast")

        def check(folder, report):
            self.check_even(folder, 30000 / 1001, 60)
            self.check_pictures(folder, source, 30000 / 1001, 5)
        self.run_one('frame_rate = "30000/1001";', source, check)

    def test_an_even_rate_is_not_raised(self):
        source = self.clip("plain")

        def check(folder, report):
            self.check_even(folder, 25, 50)
            self.assertIn("pictures encoded: a constant frame rate is asked for", report["decisions"])
            self.assertIn("a constant 25.000 pictures in a second: 0 repeated, 0 left out", report["decisions"])
        self.run_one("frame_rate = 60;", source, check)

    def test_sound_stays_with_the_pictures(self):
        source = self.clip("late-picture")

        def check(folder, report):
            for kind in "va":
                wanted, made = media.span(source, kind), media.span(os.path.join(folder, "180p.mp4"), kind)
                self.assertAlmostEqual(made[1], wanted[1], delta=0.06, msg=kind)
            self.assertEqual(made[0], 0)
            times = self.times(os.path.join(folder, "180p.mp4"))
            for a, b in zip(times, times[1:]):
                self.assertAlmostEqual(b - a, 0.1, delta=0.0001)
        self.run_one("frame_rate = 10;", source, check)


if __name__ == "__main__":
    unittest.main()
