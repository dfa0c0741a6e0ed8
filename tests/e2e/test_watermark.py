"""test_watermark.py - a watermark lies where it should, as strong as it should, in every rendition."""
import os
import subprocess
import tempfile
import unittest

from vidmill import Vidmill

GRAY, RED = (128, 128, 128), (255, 0, 0)


def ffmpeg(*words):
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True, capture_output=True).stdout


def stage(image, more=""):
    return ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; output = [ "mp4" ]; '
            'video = ( { name = "720p"; height = 720; bitrate = "3000k"; quality = 14; }, '
            '{ name = "360p"; height = 360; bitrate = "2000k"; quality = 14; } ); '
            f'watermark = {{ image = "{image}"; {more} }};')


def picture(path, at):
    """The colour of a pixel, by its place."""
    head, size, _, raw = ffmpeg("-ss", str(at), "-i", path, "-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm",
                                "-").split(b"\n", 3)
    width = int(size.split()[0])
    return lambda x, y: tuple(raw[(y * width + x) * 3:(y * width + x) * 3 + 3]) if head == b"P6" else None


class Watermark(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="vidmill-watermark-")
        self.image = os.path.join(self.temporary.name, "logo.png")
        # Twice as wide as it is high; its right half lets half of what is below through.
        ffmpeg("-f", "lavfi", "-i", "color=red:size=200x100,format=rgba,geq=r=255:g=0:b=0:a='if(lt(X,100),255,128)'",
               "-frames:v", "1", self.image)

    def tearDown(self):
        self.temporary.cleanup()

    def source(self, size, *words):
        path = os.path.join(self.temporary.name, "gray.mov")
        ffmpeg("-f", "lavfi", "-i", f"color=0x808080:size={size}:rate=25:duration=3", "-c:v", "libx264", "-preset",
               "ultrafast", "-pix_fmt", "yuv420p", path)
        if words:
            ffmpeg("-i", path, "-c", "copy", *words, path + ".mov")
            path += ".mov"
        return path

    def assert_near(self, got, wanted, what):
        for a, b in zip(got, wanted):
            self.assertLess(abs(a - b), 12, f"{what}: {got} instead of {wanted}")

    def check(self, path, x, y, high, opacity):
        """The watermark's left upper corner, its height and opacity."""
        def mix(part):
            return tuple(round(r * part + g * (1 - part)) for r, g in zip(RED, GRAY))
        for at in (0, 2.5):
            pixel = picture(path, at)
            middle = y + high // 2
            self.assert_near(pixel(x + high // 2, middle), mix(opacity), f"{path} left half")
            self.assert_near(pixel(x + high * 3 // 2, middle), mix(opacity / 2), f"{path} right half")
            edge = 5
            for cx, cy in ((x - edge, middle), (x + 2 * high + edge, middle), (x + high, y - edge),
                           (x + high, y + high + edge)):
                self.assert_near(pixel(cx, cy), GRAY, f"{path} beside it")
            for cx, cy in ((x + edge, middle), (x + high, y + edge), (x + high // 2, y + high - edge)):
                self.assertGreater(pixel(cx, cy)[0] - pixel(cx, cy)[1], 30, f"{path} inside it")

    def make(self, source, more):
        with Vidmill(stage=stage(self.image, more)) as vidmill:
            video = vidmill.wait_processed(vidmill.upload(source), 120)
            folder, manifest = vidmill.manifest(video)
            yield os.path.join(folder, "web"), manifest["reports"]["web"]

    def test_it_is_in_every_rendition_and_to_scale(self):
        for folder, report in self.make(self.source("1280x720"), 'position = "bottom-right"; size = "20%"; '
                                                                 'margin = "5%"; opacity = "50%";'):
            self.check(os.path.join(folder, "720p.mp4"), 1280 - 36 - 288, 720 - 36 - 144, 144, 0.5)
            self.check(os.path.join(folder, "360p.mp4"), 640 - 18 - 144, 360 - 18 - 72, 72, 0.5)
            self.assertIn("pictures encoded: a watermark is laid over them", report["decisions"])

    def test_it_is_upright_on_a_picture_that_is_turned(self):
        source = self.source("1280x720", "-metadata:s:v", "rotate=90")
        for folder, _ in self.make(source, 'position = "top-left"; size = "10%"; margin = "5%";'):
            self.check(os.path.join(folder, "720p.mp4"), 64, 64, 128, 1)

    def test_an_image_that_is_not_there_is_named(self):
        with Vidmill(stage=stage("/nonexistent/logo.png"), policy='attempts = 1;') as vidmill:
            video = vidmill.wait_end(vidmill.upload(self.source("320x180")))
            self.assertEqual(video["state"], "failed")
            self.assertIn("watermark: open /nonexistent/logo.png: No such file", video["reason"])

    def test_an_image_that_is_none_is_named(self):
        with open(self.image, "w") as file:
            file.write("no picture")
        with Vidmill(stage=stage(self.image), policy='attempts = 1;') as vidmill:
            video = vidmill.wait_end(vidmill.upload(self.source("320x180")))
            self.assertEqual(video["state"], "failed")
            self.assertIn(f"watermark: {self.image} is no PNG that can be decoded", video["reason"])


if __name__ == "__main__":
    unittest.main()
