"""test_poster.py - poster.jpg is the picture of the time that is told: not dark, and no flash among others."""
import os
import re
import subprocess
import tempfile
import unittest

import media
from vidmill import Vidmill

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; output = [ "mp4" ]; {more} '
         'video = ( {{ name = "360p"; height = 360; bitrate = "2000k"; }} );')
KEYS = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", "1200k", "-maxrate", "1500k",
        "-bufsize", "1500k", "-g", "50"]


class Poster(unittest.TestCase):
    def run_one(self, filters, more="copy = false;", size=(640, 360)):
        """When it was taken, and its pixels; that they are those of that time is checked."""
        with tempfile.TemporaryDirectory(prefix="vidmill-poster-") as folder:
            source = os.path.join(folder, "source.mp4")
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                            f"testsrc2=size=640x360:rate=25:duration=10{filters}", *KEYS, source], check=True)
            with Vidmill(stage=STAGE.format(more=more)) as vidmill:
                made, manifest = vidmill.manifest(vidmill.wait_processed(vidmill.upload(source), 120))
                poster = media.pixels(os.path.join(made, "web/poster.jpg"))
            report = manifest["reports"]["web"]
            time = int(re.search(r"poster taken at (\d+) ms", " ".join(report["decisions"]))[1]) / 1000
            likeness = {t: media.psnr(poster, media.pixels(source, t, size)) for t in (time - 0.2, time, time + 0.2)
                        if t >= 0}
            self.assertGreater(likeness[time], 28, likeness)
            self.assertEqual(max(likeness.values()), likeness[time], likeness)
        return time, poster, report

    def test_it_is_near_the_wish(self):
        time, _, _ = self.run_one("", 'copy = false; poster = "50%";')
        self.assertTrue(5 <= time <= 10, time)

    def test_a_dark_beginning_is_passed_over(self):
        time, poster, _ = self.run_one(",drawbox=color=black:t=fill:enable='lt(t,2.5)'")
        self.assertTrue(2.5 <= time <= 6, time)
        self.assertGreater(sum(poster) / len(poster), 60)

    def test_a_flash_is_not_taken(self):
        time, _, _ = self.run_one(",eq=brightness=0.35:enable='between(t,0.9,1.4)'")
        self.assertTrue(1.4 < time <= 6, time)

    def test_all_black_has_one_all_the_same(self):
        time, poster, _ = self.run_one(",drawbox=color=black:t=fill:enable='lt(t,9)',eq=brightness=-0.7:enable='gte(t,9)'")
        self.assertLess(sum(poster) / len(poster), 60)
        self.assertLessEqual(time, 6.04)

    def test_what_is_copied_is_decoded_to_the_first_good_one(self):
        time, _, report = self.run_one(",drawbox=color=black:t=fill:enable='lt(t,2.2)'", more='poster = "13%";')
        self.assertTrue(report["video"][0]["copied"], report["decisions"])
        self.assertTrue(2.2 <= time <= 2.8, time)


if __name__ == "__main__":
    unittest.main()
