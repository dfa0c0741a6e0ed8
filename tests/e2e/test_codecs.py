"""test_codecs.py - every codec that can be asked for, in every package that holds it."""
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import media
from vidmill import make

STAGES = ('name = "web"; plugin = "codec-ffmpeg"; output = [ "hls", "dash", "mp4", "webm" ]; segment = "1500ms"; '
          'preset = "superfast"; video = ( '
          '{ name = "h264"; height = 270; bitrate = "1000k"; }, '
          '{ name = "hevc"; height = 270; bitrate = "1000k"; codec = "hevc"; }, '
          '{ name = "av1"; height = 270; bitrate = "1000k"; codec = "av1"; }, '
          '{ name = "vp9"; height = 270; bitrate = "1000k"; codec = "vp9"; }, '
          '{ name = "vp9-small"; height = 180; bitrate = "400k"; codec = "vp9"; } ); '
          'audio = ( { name = "stereo"; }, { name = "opus"; codec = "opus"; bitrate = "96k"; } ); }, '
          '{ name = "radio"; plugin = "codec-ffmpeg"; output = [ "mp4", "webm" ]; '
          'audio = ( { name = "opus"; codec = "opus"; }, { name = "aac"; } );')
SECONDS = 3
# What ffprobe calls it, what an MP4 of it is marked with, and how CODECS begins.
CODECS = {"h264": ("h264", "avc1", "avc1.64"), "hevc": ("hevc", "hvc1", "hvc1.1.6.L"), "av1": ("av1", "av01", "av01.0."),
          "vp9": ("vp9", "vp09", "vp09.00."), "vp9-small": ("vp9", "vp09", "vp09.00.")}
WEBM = ["av1", "vp9", "vp9-small"]


class Codecs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-codecs-")
        cls.source = os.path.join(cls.temporary.name, "film.mkv")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        f"testsrc2=size=480x270:rate=25:duration={SECONDS}", "-f", "lavfi", "-i",
                        f"sine=frequency=440:beep_factor=4:duration={SECONDS}", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset",
                        "ultrafast", "-qp", "0",
                        "-c:a", "flac", cls.source], check=True)
        cls.made, _ = make(STAGES, cls.source, cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def path(self, *parts):
        return os.path.join(self.made, *parts)

    def check_movie(self, path, name, codec, sound):
        info = media.probe(path, "-count_packets")
        video, audio = media.streams(info, "video"), media.streams(info, "audio")
        self.assertEqual([s["codec_name"] for s in video + audio], [codec, sound], path)
        self.assertEqual(int(video[0]["nb_read_packets"]), SECONDS * 25)
        self.assertEqual(media.keyframes(path), media.keyframes(self.path("web", "h264.mp4")))
        self.assertGreater(media.ssim(path, self.source), 0.95 if name == "vp9-small" else 0.97, path)
        for kind in "va":
            begin, end = media.span(path, kind)
            # ffprobe counts what Opus in WebM puts in front, and players do not hear: 312 samples.
            self.assertAlmostEqual(begin, 0, delta=0.007 if (kind, sound) == ("a", "opus") else 0.001)
            # Of a last picture some demuxers do not know how long it is shown.
            self.assertAlmostEqual(end, SECONDS, delta=0.041 if kind == "v" else 0.021)

    def test_mp4_holds_them_all(self):
        for name, (codec, tag, _) in CODECS.items():
            with self.subTest(name):
                path = self.path("web", name + ".mp4")
                self.check_movie(path, name, codec, "aac")
                self.assertEqual(media.streams(media.probe(path), "video")[0]["codec_tag_string"], tag)

    def test_webm_holds_what_it_may(self):
        self.assertEqual(sorted(f for f in os.listdir(self.path("web")) if f.endswith(".webm")),
                         sorted(name + ".webm" for name in WEBM))
        for name in WEBM:
            with self.subTest(name):
                path = self.path("web", name + ".webm")
                self.check_movie(path, name, CODECS[name][0], "opus")
                with open(path, "rb") as file:
                    bytes = file.read()
                # Its index stands in front of the pictures, by which a player finds its places at once.
                self.assertIn(b"\x42\x82\x84webm", bytes[:64])
                self.assertTrue(0 < bytes.find(b"\x1c\x53\xbb\x6b", 200) < bytes.find(b"\x1f\x43\xb6\x75"))

    def test_sound_alone(self):
        self.assertEqual(sorted(os.listdir(self.path("radio"))), ["aac.m4a", "opus.m4a", "opus.webm"])
        for name, codec in {"aac.m4a": "aac", "opus.m4a": "opus", "opus.webm": "opus"}.items():
            with self.subTest(name):
                info = media.probe(self.path("radio", name))
                self.assertEqual([s["codec_name"] for s in info["streams"]], [codec])
                self.assertAlmostEqual(media.span(self.path("radio", name), "a")[1], SECONDS, delta=0.021)

    def test_hls_says_which(self):
        with open(self.path("web", "hls", "master.m3u8")) as file:
            lines = file.read().splitlines()
        told = {}
        for line, uri in zip(lines, lines[1:]):
            if line.startswith("#EXT-X-STREAM-INF"):
                told.setdefault(uri.split("/")[0], []).append(re.search('CODECS="([^"]*)"', line)[1].split(","))
        self.assertEqual(sorted(told), sorted(CODECS))
        for name, pairs in told.items():
            self.assertEqual([sound for _, sound in pairs], ["mp4a.40.2", "opus"])
            self.assertTrue(all(video.startswith(CODECS[name][2]) for video, _ in pairs), pairs)
            media.decode(self.path("web", "hls", name, "playlist.m3u8"))

    def test_dash_keeps_them_apart(self):
        """A player changes the rendition within a set, and cannot change the decoder."""
        root = xml.etree.ElementTree.parse(self.path("web", "dash", "manifest.mpd"))
        sets = [[r.get("id") for r in s.iterfind("{*}Representation")] for s in root.iterfind(".//{*}AdaptationSet")
                if s.get("contentType") == "video"]
        self.assertEqual(sorted(sets), [["av1"], ["h264"], ["hevc"], ["vp9", "vp9-small"]])


if __name__ == "__main__":
    unittest.main()
