"""test_stages.py - stages that read one another, sound alone, and clips that are exact to the picture and the sample."""
import array
import os
import subprocess
import tempfile
import unittest

import media
from vidmill import Vidmill

RATE, FPS = 48000, 25
# Each is one server with stages of its own; the sources of a class go through all of them.
CHAIN = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; '
         'video = ( { name = "180p"; height = 180; bitrate = "900k"; } ); '
         'audio = ( { name = "stereo"; bitrate = "128k"; } ); }, '
         '{ name = "sound"; plugin = "codec-ffmpeg"; from = "web/180p.mp4"; '
         'audio = ( { name = "podcast"; bitrate = "64k"; channels = 1; } ); }, '
         '{ name = "teaser"; plugin = "codec-ffmpeg"; from = "web/180p.mp4"; preset = "ultrafast"; '
         'video = ( { name = "90p"; height = 90; bitrate = "400k"; } ); clip = { from = "1s"; to = "2s"; };')
CLIP = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; segment = "1s"; '
        'video = ( { name = "180p"; height = 180; bitrate = "4000k"; quality = 12; } ); '
        'audio = ( { name = "stereo"; bitrate = "256k"; } ); clip = { from = "5s120ms"; to = "7s"; };')
PICTURES = "color=black:size=320x180:rate=25:duration={0},format=gray," \
           "geq=lum='if(lt(X,160),16+14*mod(N,16),16+14*mod(floor(N/16),16))',format=yuv420p"
NOISE = "anoisesrc=seed=7:color=white:amplitude=0.3:sample_rate=48000:duration={0},lowpass=f=6000"


def ffmpeg(*words):
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True, capture_output=True).stdout


def numbers(path):
    """Which pictures of the source they are: the numbers painted on them."""
    raw = ffmpeg("-i", path, "-map", "0:v:0", "-vsync", "passthrough", "-vf",
                 "crop=iw*15/16:ih,scale=2:1:flags=area,format=gray", "-f", "rawvideo", "-")
    pairs = zip(raw[0::2], raw[1::2])
    return [round((left - 16) / 14) + 16 * round((right - 16) / 14) for left, right in pairs]


def samples(path):
    return array.array("h", ffmpeg("-i", path, "-map", "0:a:0", "-ac", "1", "-f", "s16le", "-"))


class Stages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-stages-")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def source(self, name, *words, seconds=9, video=("-c:v", "libx264", "-preset", "ultrafast", "-g", "100", "-crf", "8")):
        path = os.path.join(self.temporary.name, name)
        inputs = ["-f", "lavfi", "-i", NOISE.format(seconds)]
        if video:
            inputs += ["-f", "lavfi", "-i", PICTURES.format(seconds)]
        ffmpeg(*inputs, *video, *words, path)
        return path

    def make(self, vidmill, source):
        video = vidmill.wait_processed(vidmill.upload(source), 120)
        return vidmill.manifest(video)

    def test_a_stage_reads_what_another_one_made(self):
        source = self.source("chain.mp4", "-c:a", "aac", "-b:a", "192k", seconds=4)
        with Vidmill(stage=CHAIN) as vidmill:
            folder, manifest = self.make(vidmill, source)
            self.check_chain(folder, manifest)

    def check_chain(self, folder, manifest):
        made = {o["name"]: o for o in manifest["outputs"]}
        self.assertEqual(made["sound/podcast.m4a"]["content_type"], "audio/mp4")
        self.assertFalse([n for n in made if n.startswith("sound/") and (".jpg" in n or n.endswith(".mp4")
                                                                         and "init" not in n)])
        podcast = media.probe(os.path.join(folder, "sound/podcast.m4a"))
        self.assertEqual([(s["codec_name"], s["channels"]) for s in podcast["streams"]], [("aac", 1)])
        for path in ("sound/podcast.m4a", "sound/hls/master.m3u8"):
            media.decode(os.path.join(folder, path))
            span = media.span(os.path.join(folder, path), "a")
            for time, wanted in zip(span, (0, 4)):
                self.assertAlmostEqual(time, wanted, delta=1024 / RATE)
        with open(os.path.join(folder, "sound/hls/master.m3u8")) as file:
            self.assertIn('CODECS="mp4a.40.2"\npodcast/playlist.m3u8', file.read())
        self.assertEqual(numbers(os.path.join(folder, "teaser/90p.mp4")), list(range(25, 50)))
        self.assertEqual(manifest["reports"]["teaser"]["duration_ms"], 1000)

    def check_clip(self, source, folder, report):
        first, last = 128, 175  # 5.12 s, 7 s
        mp4 = os.path.join(folder, "180p.mp4")
        self.assertIn("a clip from 5120 to 7000 ms", report["decisions"])
        self.assertAlmostEqual(report["duration_ms"], 1880, delta=1)
        for path in (mp4, os.path.join(folder, "hls/master.m3u8")):
            self.assertEqual(numbers(path), list(range(first, last)), path)
        span = media.span(mp4, "v")
        self.assertAlmostEqual(span[0], 0, delta=0.001)
        self.assertAlmostEqual(span[1], 1.88, delta=0.002)
        self.check_sound(source, mp4)

    def check_sound(self, source, made):
        wanted, got = samples(source)[int(5.12 * RATE):7 * RATE], samples(made)
        self.assertAlmostEqual(len(got), len(wanted), delta=1024)
        at = 20000

        def miss(lag):
            return sum((wanted[i] - got[i + lag]) ** 2 for i in range(at, at + 20000))
        misses = {lag: miss(lag) for lag in range(-4, 5)}
        self.assertEqual(min(misses, key=misses.get), 0, misses)
        # Its beginning and end are sound, not the silence of a decoder that had just begun.
        for part in (slice(0, 2000), slice(len(wanted) - 4000, len(wanted) - 2000)):
            loud = sum(x * x for x in got[part]) / sum(x * x for x in wanted[part])
            self.assertTrue(0.8 < loud < 1.25, loud)

    def test_a_clip_is_exact(self):
        with Vidmill(stage=CLIP) as vidmill:
            for name, words in (("index.mp4", ["-c:a", "aac", "-b:a", "256k"]),
                                ("b-frames.mkv", ["-bf", "3", "-preset", "veryfast", "-c:a", "flac"]),
                                ("jumps.ts", ["-c:a", "aac", "-b:a", "256k"]),
                                ("old.avi", ["-c:v", "mpeg4", "-q:v", "1", "-c:a", "pcm_s16le"])):
                with self.subTest(name):
                    source = self.source(name, *words)
                    folder, manifest = self.make(vidmill, source)
                    self.check_clip(source, os.path.join(folder, "web"), manifest["reports"]["web"])

    def test_a_clip_of_sound_alone_is_exact(self):
        with Vidmill(stage=CLIP) as vidmill:
            for name, words in (("sound.m4a", ["-c:a", "aac", "-b:a", "256k"]), ("sound.flac", []),
                                ("sound.mp3", ["-q:a", "0"])):
                with self.subTest(name):
                    source = self.source(name, *words, video=())
                    folder, _ = self.make(vidmill, source)
                    self.check_sound(source, os.path.join(folder, "web/stereo.m4a"))

    def test_only_the_clip_is_read(self):
        source = self.source("long.mp4", "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", seconds=400,
                             video=("-c:v", "libx264", "-preset", "ultrafast", "-g", "100", "-b:v", "2000k", "-crf", "1"))
        with Vidmill(stage=CLIP) as vidmill:
            self.make(vidmill, source)
            log = vidmill.log()
        read = int(log.split("the source was read by ")[1].split(" requests of ")[1].split(" ")[0])
        print(f"{read} of {os.path.getsize(source)} bytes read")
        self.assertLess(read, os.path.getsize(source) / 2)

    def test_a_clip_behind_the_end_is_told(self):
        source = self.source("short.mp4", "-c:a", "aac", seconds=3)
        with Vidmill(stage=CLIP) as vidmill:
            video = vidmill.wait_end(vidmill.upload(source))
            self.assertEqual(video["state"], "failed")
            self.assertIn("clip: the source is over at 3", video["reason"])


if __name__ == "__main__":
    unittest.main()
