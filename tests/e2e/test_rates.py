"""test_rates.py - how bits are given out, and what the report says of the quality that came of it."""
import os
import re
import subprocess
import tempfile
import unittest

import media
from vidmill import clip, make

START = 'plugin = "codec-ffmpeg"; output = [ "mp4" ]; preset = "superfast"; copy = false; '
LADDER = ('video = ( { name = "360p"; height = 360; bitrate = "1500k"; }, { name = "340p"; height = 340; '
          'bitrate = "1500k"; }, { name = "180p"; height = 180; bitrate = "400k"; } );')
STAGES = ('name = "mean"; rate = "bitrate"; peak = "120%"; ' + START + 'video = ( '
          '{ name = "h264"; height = 180; bitrate = "300k"; }, '
          '{ name = "hevc"; height = 180; bitrate = "200k"; codec = "hevc"; }, '
          '{ name = "vp9"; height = 180; bitrate = "200k"; codec = "vp9"; } ); }, '
          '{ name = "quality"; score = true; ' + START + LADDER + '}, '
          '{ name = "title"; score = true; rate = "per-title"; ' + START + LADDER)


def fullest(path, rate):
    """How much of a buffer of one and a half seconds at that rate the packets ever fill."""
    packets = media.probe(path, "-select_streams", "v:0", "-show_packets", "-show_entries", "packet=dts_time,size")
    fill = most = 0.0
    before = None
    for packet in packets["packets"]:
        time = float(packet["dts_time"])
        fill = max(0.0, fill - (rate * (time - before) if before is not None else 0)) + int(packet["size"]) * 8
        most, before = max(most, fill), time
    return most / (rate * 1.5)


class Rates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-rates-")
        cls.source = os.path.join(cls.temporary.name, "bird.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", clip("cockatoo.mp4"), "-t", "8", "-an", "-vf",
                        "scale=640:360", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt",
                        "yuv420p", cls.source], check=True)
        cls.made, cls.manifest = make(STAGES, cls.source, cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def renditions(self, stage):
        return {r["name"]: r for r in self.manifest["reports"][stage]["video"]}

    def test_a_mean_is_kept_below_its_peak(self):
        for name, wish in {"h264": 300e3, "hevc": 200e3, "vp9": 200e3}.items():
            with self.subTest(name):
                self.assertAlmostEqual(self.renditions("mean")[name]["bit_rate"] / wish, 1, delta=0.25)
                self.assertLess(fullest(os.path.join(self.made, "mean", name + ".mp4"), wish * 1.2), 1.15)

    def test_a_score_is_what_others_measure(self):
        for stage in "quality", "title":
            for name, rendition in self.renditions(stage).items():
                with self.subTest(stage + "/" + name):
                    score = rendition["score"]
                    self.assertEqual(score["pictures"], 16)
                    self.assertAlmostEqual(score["ssim"], media.ssim(os.path.join(self.made, stage, name + ".mp4"),
                                                               self.source), delta=0.006)
                    self.assertTrue(35 < score["psnr_db"] < 60, score)
        self.assertNotIn("score", self.renditions("mean")["h264"])

    def test_a_look_at_the_title_decides(self):
        quality, title = self.renditions("quality"), self.renditions("title")
        decisions = "\n".join(self.manifest["reports"]["title"]["decisions"])
        self.assertEqual(sorted(quality), ["180p", "340p", "360p"])
        self.assertEqual(sorted(title), ["180p", "360p"])
        self.assertIn("340p left out: the next larger one takes hardly more bits", decisions)
        caps = {name: int(cap) for name, cap in re.findall(r"^(\d+p): .*; the cap is (\d+)$", decisions, re.M)}
        self.assertEqual(sorted(caps), ["180p", "360p"])
        self.assertLess(caps["360p"], 1500)
        for name in title:
            # The cap is lower, and nobody sees it.
            self.assertAlmostEqual(title[name]["score"]["ssim"], quality[name]["score"]["ssim"], delta=0.003)
            self.assertGreater(caps[name] * 1000, title[name]["bit_rate"])


if __name__ == "__main__":
    unittest.main()
