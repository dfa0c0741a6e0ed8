"""test_copy.py - what already fits is copied: the same bytes, in time; and a point that does not fit is named."""
import os
import re
import subprocess
import tempfile
import unittest

import media
from vidmill import Vidmill

ONE = ('name = "web"; plugin = "codec-ffmpeg"; {more} '
       'video = ( {{ name = "360p"; height = 360; bitrate = "1000k"; }} ); '
       'audio = ( {{ name = "stereo"; bitrate = "128k"; }} );')
TWO = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; '
       'video = ( { name = "360p"; height = 360; bitrate = "1000k"; }, '
       '{ name = "180p"; height = 180; bitrate = "300k"; } ); '
       'audio = ( { name = "stereo"; bitrate = "128k"; }, { name = "loud"; loudness = -20; } );')
PICTURES = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", "600k", "-maxrate", "800k",
            "-bufsize", "800k", "-g", "50"]
SOUND = ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True)


def digest(path, kind, map_="0"):
    """Of the bytes of all packets of a stream, whatever frames them."""
    run = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", f"{map_}:{kind}:0", "-c",
                          "copy", "-f", "streamhash", "-hash", "sha256", "-"],
                         capture_output=True, text=True, check=True)
    return run.stdout.strip().split("=")[-1]


def packets(path, kind):
    info = media.probe(path, "-select_streams", kind + ":0", "-show_packets", "-show_entries",
                       "packet=pts_time,flags")
    return sorted(round(float(p["pts_time"]), 3) for p in info["packets"])


class Copy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-copy-")
        cls.one = Vidmill(stage=ONE.format(more="")).start()

    @classmethod
    def tearDownClass(cls):
        cls.one.close()
        cls.temporary.cleanup()

    def source(self, name, *words, seconds=10, size="640x360", rate=25, sound=SOUND, pictures=PICTURES):
        path = os.path.join(self.temporary.name, name)
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}", "-f", "lavfi", "-i",
               f"sine=frequency=440:sample_rate=48000:duration={seconds}", *pictures, *sound, *words, path)
        return path

    def make(self, source, vidmill=None):
        vidmill = vidmill or self.one
        video = vidmill.wait_processed(vidmill.upload(source), 120)
        folder, manifest = vidmill.manifest(video)
        return os.path.join(folder, "web"), manifest["reports"]["web"]

    def check_copied(self, source, folder, kinds="va"):
        mp4 = os.path.join(folder, "360p.mp4")
        media.decode(mp4)
        media.decode(os.path.join(folder, "hls/master.m3u8"))
        for kind, name in (("v", "360p"), ("a", "stereo")):
            if kind not in kinds:
                continue
            segments = os.path.join(folder, "hls", name, "playlist.m3u8")
            for made in (mp4, segments):
                self.assertEqual(digest(made, kind), digest(source, kind), made)
                self.assertEqual(len(packets(made, kind)), len(packets(source, kind)), made)
            wanted, got = media.span(source, kind), media.span(mp4, kind)
            for i in range(2):
                self.assertAlmostEqual(got[i], wanted[i], delta=0.002, msg=f"{kind} {mp4}")
        if "v" in kinds:
            for a, b in zip(packets(mp4, "v"), packets(source, "v")):
                self.assertAlmostEqual(a, b, delta=0.002)

    def test_packets_stay_as_they_are(self):
        source = self.source("fits.mp4")
        folder, report = self.make(source)
        self.check_copied(source, folder)
        self.assertIn("360p copied: the source's pictures are what it would become", report["decisions"])
        self.assertIn("stereo copied: the source's sound is what it would become", report["decisions"])
        self.assertEqual([report["video"][0]["copied"], report["audio"][0]["copied"]], [True, True])
        poster = media.probe(os.path.join(folder, "poster.jpg"))["streams"][0]
        self.assertEqual((poster["width"], poster["height"]), (640, 360))
        with open(os.path.join(folder, "hls/360p/playlist.m3u8")) as file:
            segments, _ = media.playlist(file.read())
        self.assertEqual([round(s) for _, s in segments], [4, 4, 2])

    def test_without_sound_and_with_b_frames_of_a_matroska_file(self):
        source = self.source("fits.mkv", "-an", "-bf", "3")
        folder, report = self.make(source)
        self.check_copied(source, folder, "v")
        self.assertTrue(report["video"][0]["copied"])

    def spoil(self, source, name):
        """The same packets in the same places, with other bytes in those of the sound."""
        path = os.path.join(self.temporary.name, name)
        ffmpeg("-i", source, "-c", "copy", "-bsf:a", "noise=amount=1", path)
        return path

    def test_sound_that_cannot_be_decoded_is_not_copied(self):
        folder, _ = self.make(self.spoil(self.source("sound.mp4"), "spoilt.mp4"))
        made = media.probe(os.path.join(folder, "360p.mp4"))
        self.assertEqual([s["codec_type"] for s in made["streams"]], ["video"])
        alone = self.source("sound.m4a", "-map", "1", pictures=[])
        video = self.one.wait_end(self.one.upload(self.spoil(alone, "spoilt.m4a")))
        self.assertEqual((video["state"], video["error"]), ("failed", "bad_media"))
        self.assertIn("no sound could be decoded", video["reason"])

    def test_smaller_renditions_are_aligned_with_what_is_copied(self):
        source = self.source("short-groups.mp4", pictures=PICTURES[:-1] + ["35"])
        with Vidmill(stage=TWO) as vidmill:
            folder, report = self.make(source, vidmill)
            self.check_copied(source, folder)
            self.assertEqual([v["copied"] for v in report["video"]], [True, False])
            self.assertEqual([a["copied"] for a in report["audio"]], [True, False])
            self.assertIn("loud encoded: its loudness was asked for", report["decisions"])
            lists = []
            for name in ("360p", "180p"):
                with open(os.path.join(folder, "hls", name, "playlist.m3u8")) as file:
                    lists.append([s for _, s in media.playlist(file.read())[0]])
            self.assertEqual(len(lists[0]), len(lists[1]))
            for a, b in zip(*lists):
                self.assertAlmostEqual(a, b, delta=0.001)
            keys = media.keyframes(os.path.join(folder, "360p.mp4"))
            for key in media.keyframes(os.path.join(folder, "180p.mp4")):
                self.assertTrue(any(abs(key - other) < 0.002 for other in keys), key)

    def test_nothing_is_copied_when_that_is_not_wanted(self):
        with Vidmill(stage=ONE.format(more="copy = false;")) as vidmill:
            _, report = self.make(self.source("unwanted.mp4", seconds=2), vidmill)
            self.assertFalse(report["video"][0]["copied"] or report["audio"][0]["copied"])
            self.assertFalse([d for d in report["decisions"] if "encoded" in d or "copied" in d])

    def test_the_point_that_does_not_fit_is_named(self):
        base = PICTURES[:-1]
        for name, words, arguments, sentence in (
                ("main10", ["-pix_fmt", "yuv422p"], {}, "pictures encoded: not every player has the profile"),
                ("mpeg4", ["-c:v", "mpeg4"], {}, "pictures encoded: the pictures are mpeg4, not h264"),
                ("full", ["-pix_fmt", "yuvj420p"], {}, "pictures encoded: the pictures are yuvj420p of full range"),
                ("pixels", ["-vf", "setsar=4/3"], {}, "pictures encoded: the pixels are 4:3, not square"),
                ("large", [], {"size": "640x480"}, "pictures encoded: the pictures are 640x480, and 360p is 480x360"),
                ("groups", [], {"pictures": base + ["250"]}, "pictures encoded: keyframes are"),
                ("open", ["-x264-params", "open-gop=1:bframes=3:scenecut=0"], {"pictures": base + ["50"]},
                 "pictures encoded: not every keyframe is one that playing can begin with"),
                ("rate", ["-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "2500k", "-vf", "noise=alls=60"], {},
                 "pictures encoded: the pictures take"),
                ("burst", ["-b:v", "500k", "-maxrate", "40000k", "-bufsize", "40000k", "-vf",
                           "noise=alls=100:allf=t:enable='between(t,5,6.5)'", "-crf", "12"], {"seconds": 20},
                 "pictures encoded: the pictures take"),
                ("interlaced", ["-flags", "+ildct", "-x264-params", "tff=1"], {},
                 "pictures encoded: the pictures are interlaced"),
                ("colours", ["-color_trc", "smpte2084", "-color_primaries", "bt2020", "-colorspace", "bt2020nc"], {},
                 "pictures encoded: the pictures are of high dynamic range"),
                ("mp3", [], {"sound": ["-c:a", "libmp3lame"]}, "stereo encoded: the sound is mp3, not aac"),
                ("loud", ["-b:a", "192k"], {}, "stereo encoded: the sound takes"),
                ("five", ["-ac", "6"], {}, "stereo encoded: the sound has 6 channels of 48000 Hz")):
            with self.subTest(name):
                arguments = dict({"seconds": 6}, **arguments)
                folder, report = self.make(self.source(name + ".mp4", *words, **arguments))
                self.assertTrue([d for d in report["decisions"] if d.startswith(sentence)],
                                f"{name}: {report['decisions']}")
                kind = "video" if sentence.startswith("pictures") else "audio"
                self.assertFalse(report[kind][0]["copied"])
                media.decode(os.path.join(folder, "360p.mp4"))

    def test_a_priming_that_is_longer_than_a_packet_stays_hidden(self):
        source = self.source("priming.mp4", seconds=4)
        with open(source, "r+b") as file:
            bytes_ = file.read()
            at = bytes_.rindex(b"elst") + 16  # the sound's, its media time: what is not heard
            self.assertEqual(int.from_bytes(bytes_[at:at + 4], "big"), 1024)
            file.seek(at)
            file.write((2112).to_bytes(4, "big"))
        folder, report = self.make(source)
        self.assertTrue(report["audio"][0]["copied"], report["decisions"])
        self.check_copied(source, folder)

    def test_copying_takes_next_to_nothing(self):
        """Processor time of the whole codec child, its start and the gate included."""
        source = self.source("long.mp4", seconds=90, size="1280x720", pictures=[
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "1500k", "-maxrate", "2000k",
            "-bufsize", "2000k", "-g", "50"])
        stage = ('name = "web"; plugin = "codec-ffmpeg"; {} '
                 'video = ( {{ name = "720p"; height = 720; bitrate = "2500k"; }} ); '
                 'audio = ( {{ name = "stereo"; bitrate = "128k"; }} );')
        took = {}
        for more in ("", "copy = false;"):
            with Vidmill(stage=stage.format(more)) as vidmill:
                _, report = self.make(source, vidmill)
                number, unit = re.search(r"child used (\S+) (m?s) of processor time", vidmill.log()).groups()
            took[more] = float(number) / (1000 if unit == "ms" else 1)
            self.assertEqual(report["video"][0]["copied"], more == "")
        print(f"copied in {took['']:.2f} s, encoded in {took['copy = false;']:.2f} s of the processor")
        self.assertLess(took[""] * 40, took["copy = false;"])


if __name__ == "__main__":
    unittest.main()
