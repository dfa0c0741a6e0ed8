"""test_preview.py - the pictures of preview.webp are those of the video, one after the other, as long as asked for."""
import os
import subprocess
import tempfile
import unittest

import media
import webp
from vidmill import SOURCE, Vidmill

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; output = [ "mp4" ]; {more} '
         'video = ( {{ name = "720p"; height = 720; bitrate = "4000k"; }} );')


class Preview(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-preview-")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def clip(self, name):
        path = os.path.join(self.temporary.name, name)
        subprocess.run(["sh", os.path.join(SOURCE, "tests/media/make.sh"), name, path], check=True)
        return path

    def run_one(self, more, source):
        with Vidmill(stage=STAGE.format(more=more)) as vidmill:
            folder, manifest = vidmill.manifest(vidmill.wait_processed(vidmill.upload(source), 120))
            path = os.path.join(folder, "web/preview.webp")
            made = webp.read(path) if os.path.exists(path) else None
        return made, manifest["reports"]["web"]

    def check(self, source, made, size, frames, first, distance, least=20):
        """`frames` pictures from `first` on, each the frame of its time more than those before and behind."""
        width, height, loops, pictures = made
        self.assertEqual((width, height, loops), (*size, 0))
        self.assertEqual(len(pictures), frames)
        self.assertAlmostEqual(sum(d for d, _ in pictures), frames * distance * 1000, delta=distance * 500)
        time = first
        for i, (duration, picture) in enumerate(pictures):
            if i % 4 == 0:
                likeness = {t: media.psnr(picture, other) for t in (time - 0.2, time, time + 0.2)
                            if t >= 0 and (other := media.pixels(source, t, size))}
                self.assertGreater(likeness[time], least, f"{source} {time}: {likeness}")
                self.assertEqual(max(likeness, key=likeness.get), time, f"{source} {time}: {likeness}")
                wanted = media.pixels(source, time, size)
                for colour in range(3):  # of another matrix or range they would be further off
                    self.assertAlmostEqual(sum(picture[colour::3]) / width / height,
                                           sum(wanted[colour::3]) / width / height, delta=4)
            time += duration / 1000

    def test_it_begins_where_it_should_and_lasts_as_long(self):
        source = self.clip("ten-seconds")
        made, report = self.run_one('copy = false; preview = "2s"; preview_from = "30%"; preview_height = 90;', source)
        self.assertEqual(report["pictures"]["preview"], {"width": 160, "height": 90, "from_ms": 3000, "pictures": 20})
        self.check(source, made, (160, 90), 20, 3.0, 0.1)

    def test_what_would_end_behind_the_source_begins_earlier(self):
        source = self.clip("plain")
        more = 'preview = "1500ms"; preview_from = "100%"; preview_rate = 5; preview_height = 90;'
        made, _ = self.run_one(more, source)
        self.check(source, made, (160, 90), 8, 0.5, 0.2)

    def test_upright_and_short_sources(self):
        source = self.clip("portrait")
        made, _ = self.run_one('preview = "10s"; preview_height = 60;', source)
        self.check(source, made, (60, 106), 20, 0.0, 0.1, least=19)

    def test_a_clip_has_one_of_its_own_time(self):
        source = self.clip("ten-seconds")
        more = 'preview = "1s"; preview_from = "50%"; preview_height = 90; clip = { from = "4s"; to = "8s"; };'
        made, _ = self.run_one(more, source)
        self.check(source, made, (160, 90), 10, 6.0, 0.1)

    def test_what_does_not_move_is_one_picture(self):
        source = self.clip("one-picture")
        (width, height, _, pictures), _ = self.run_one('preview = "2s";', source)
        self.assertEqual((width, height, len(pictures)), (320, 180, 1))
        self.assertGreater(media.psnr(pictures[0][1], media.pixels(source, 0, (320, 180))), 25)

    def test_what_is_copied_is_decoded_from_the_keyframe_before(self):
        source = os.path.join(self.temporary.name, "fits.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=1280x720:rate=25:duration=12", "-c:v", "libx264", "-preset", "veryfast",
                        "-pix_fmt", "yuv420p", "-bf", "3", "-b:v", "2500k", "-maxrate", "3000k", "-bufsize", "3000k",
                        "-colorspace", "smpte170m", "-g", "50", "-sc_threshold", "0", source], check=True)
        more = 'preview = "2s"; preview_from = "25%"; preview_height = 90; sprites = "1s";'
        made, report = self.run_one(more, source)
        self.assertTrue(report["video"][0]["copied"], report["decisions"])
        self.assertEqual(report["pictures"]["sprites"]["tiles"], 6)
        self.check(source, made, (160, 90), 20, 3.0, 0.1)

    def test_sound_alone_has_none(self):
        source = self.clip("no-picture")
        with Vidmill(stage=STAGE.format(more='preview = "2s"; sprites = "1s"; thumbnails = "1s"; audio = '
                                             '( { name = "stereo"; } );')) as vidmill:
            _, manifest = vidmill.manifest(vidmill.wait_processed(vidmill.upload(source), 120))
        self.assertEqual([o["name"] for o in manifest["outputs"]], ["web/stereo.m4a"])
        self.assertEqual(manifest["reports"]["web"]["pictures"], {})


if __name__ == "__main__":
    unittest.main()
