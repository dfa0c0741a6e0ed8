"""test_sprites.py - each tile of the sheets is the picture of its time, where and when the WebVTT file says."""
import os
import re
import subprocess
import tempfile
import unittest

import media
from vidmill import SOURCE, Vidmill

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; output = [ "mp4" ]; {more} '
         'video = ( {{ name = "720p"; height = 720; bitrate = "4000k"; }} ); '
         'audio = ( {{ name = "stereo"; }} );')
CUE = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d\d\d) --> (\d\d):(\d\d):(\d\d)\.(\d\d\d)\n"
                 r"(sheet-\d+\.jpg)#xywh=(\d+),(\d+),(\d+),(\d+)")


def read_cues(path):
    """As (start, end, sheet, x, y, width, height), in seconds."""
    with open(path) as file:
        head, *blocks = file.read().split("\n\n")
    assert head == "WEBVTT", head
    cues = []
    for block in blocks:
        found = CUE.fullmatch(block.strip()).groups()
        times = [int(h) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000
                 for h, m, s, ms in (found[:4], found[4:8])]
        cues.append((*times, found[8], *map(int, found[9:])))
    return cues


class Sheet:
    def __init__(self, path):
        stream = media.probe(path)["streams"][0]
        self.width, self.height = stream["width"], stream["height"]
        media.decode(path)
        self.bytes = media.pixels(path)

    def tile(self, x, y, width, height):
        rows = [self.bytes[(row * self.width + x) * 3:][:width * 3] for row in range(y, y + height)]
        return b"".join(rows)


class Sprites(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-sprites-")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def clip(self, name):
        path = os.path.join(self.temporary.name, name)
        subprocess.run(["sh", os.path.join(SOURCE, "tests/media/make.sh"), name, path], check=True)
        return path

    def run_one(self, more, source, size, sheets, tiles):
        """The cues and the report; sizes of the sheets, the counts, and that the cues have no gap are checked."""
        with Vidmill(stage=STAGE.format(more=more)) as vidmill:
            folder, manifest = vidmill.manifest(vidmill.wait_processed(vidmill.upload(source), 120))
            folder = os.path.join(folder, "web/sprites")
            report = manifest["reports"]["web"]
            cues = read_cues(os.path.join(folder, "sprites.vtt"))
            made = {n: Sheet(os.path.join(folder, n)) for n in sorted(os.listdir(folder)) if n.endswith(".jpg")}
        self.assertEqual([(s.width, s.height) for s in made.values()], sheets)
        self.assertEqual(list(made), [f"sheet-{i + 1:03d}.jpg" for i in range(len(sheets))])
        told = report["pictures"]["sprites"]
        self.assertEqual((told["tiles"], told["sheets"], told["width"], told["height"]), (tiles, len(sheets), *size))
        self.assertEqual(len(cues), tiles)
        self.assertEqual(cues[0][0], 0)
        for one, other in zip(cues, cues[1:]):
            self.assertEqual(one[1], other[0])
        self.assertAlmostEqual(cues[-1][1], report["duration_ms"] / 1000, delta=0.002)
        self.assertEqual(len({cue[2:] for cue in cues}), tiles, "two cues share a tile")
        for cue in cues:
            self.assertEqual(cue[5:], size)
            self.assertLessEqual(cue[3] + cue[5], made[cue[2]].width)
            self.assertLessEqual(cue[4] + cue[6], made[cue[2]].height)
        return cues, made, report

    def check(self, source, cues, made, offset=0.0, least=25, matrix="auto"):
        for start, _, sheet, x, y, width, height in cues:
            tile = made[sheet].tile(x, y, width, height)
            likeness = {t: media.psnr(tile, other) for t in (start - 0.5, start, start + 0.5)
                        if t >= 0 and (other := media.pixels(source, t + offset, (width, height), matrix))}
            self.assertGreater(likeness[start], least, f"{source} {start}: {likeness}")
            self.assertEqual(max(likeness, key=likeness.get), start, f"{source} {start}: {likeness}")

    def test_sheets_are_full_and_the_last_is_cut_off(self):
        source = self.clip("ten-seconds")
        cues, made, report = self.run_one('copy = false; sprites = "1s"; sprite_columns = 4; sprite_rows = 2;', source,
                                          (160, 90), [(640, 180), (320, 90)], 10)
        self.assertEqual([c[0] for c in cues], list(range(10)))
        self.assertEqual(report["pictures"]["sprites"]["every_ms"], 1000)
        self.check(source, cues, made)

    def test_one_row_is_as_wide_as_its_tiles(self):
        source = self.clip("ten-seconds")
        cues, made, _ = self.run_one('copy = false; sprites = "4s"; sprite_height = 60;', source, (106, 60),
                                     [(318, 60)], 3)
        self.check(source, cues, made, least=22)

    def test_upright_sources_have_upright_tiles(self):
        source = self.clip("portrait")
        cues, made, _ = self.run_one('sprites = "500ms"; sprite_columns = 2;', source, (90, 160), [(180, 320)], 4)
        self.check(source, cues, made)

    def test_one_picture_is_one_tile(self):
        for name in ("one-picture", "anamorphic", "odd"):
            with self.subTest(name):
                source = self.clip(name)
                cues, made, _ = self.run_one('sprites = "10s";', source, (160, 90), [(160, 90)], 1)
                self.check(source, cues, made)

    def test_there_are_no_more_sheets_than_may_be(self):
        source = self.clip("ten-seconds")
        more = 'copy = false; sprites = "100ms"; sprite_columns = 2; sprite_rows = 2; sprites_max = 2;'
        cues, made, report = self.run_one(more, source, (160, 90), [(320, 180), (320, 180)], 8)
        self.assertRegex(" ".join(report["decisions"]), r"sprites 12\d\d ms apart: there may be 8 of them")
        self.check(source, cues, made)

    def test_a_clip_has_tiles_of_its_own_time(self):
        source = self.clip("ten-seconds")
        more = 'sprites = "1s"; clip = { from = "2500ms"; to = "6s"; };'
        cues, made, _ = self.run_one(more, source, (160, 90), [(640, 90)], 4)
        self.check(source, cues, made, offset=2.52)

    def test_what_is_copied_gives_its_keyframes(self):
        source = os.path.join(self.temporary.name, "fits.mp4")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=1280x720:rate=25:duration=12", "-c:v", "libx264", "-preset", "veryfast",
                        "-pix_fmt", "yuv420p", "-bf", "3", "-b:v", "2500k", "-maxrate", "3000k", "-bufsize", "3000k",
                        "-colorspace", "smpte170m", "-g", "50", "-sc_threshold", "0", source], check=True)
        cues, made, report = self.run_one('sprites = "1s"; sprite_columns = 2;', source, (160, 90), [(320, 270)], 6)
        self.assertTrue(report["video"][0]["copied"], report["decisions"])
        self.assertIn("sprites made of keyframes: pictures that are copied are not decoded", report["decisions"])
        self.assertEqual([c[0] for c in cues], [0, 2, 4, 6, 8, 10])
        self.check(source, cues, made)


if __name__ == "__main__":
    unittest.main()
