"""test_sound.py - tracks, loudness, silence and subtitles through the whole of vidmill, sandbox and gate."""
import os
import re
import subprocess
import tempfile
import unittest

import media
from vidmill import Vidmill

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; preset = "ultrafast"; silence = true; '
         'video = ( { name = "180p"; height = 180; bitrate = "400k"; } ); '
         'audio = ( { name = "stereo"; bitrate = "128k"; loudness = -20; true_peak = -1; }, '
         '{ name = "surround"; bitrate = "256k"; channels = 6; } );')
SRT = "1\n00:00:01,000 --> 00:00:02,500\nWho <i>is</i> there?\n\n2\n00:00:03,000 --> 00:00:04,000\nNobody.\n"


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True)


def loudness(path, sound):
    run = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-map", f"0:a:{sound}", "-af",
                          "ebur128=peak=true", "-f", "null", "-"], capture_output=True, text=True)
    numbers = [float(re.findall(word + r":\s+(\S+)", run.stderr)[-1]) for word in ("I", "Peak")]
    return tuple(numbers)


class Sound(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="vidmill-sound-")
        cls.vidmill = Vidmill(stage=STAGE).start()

    @classmethod
    def tearDownClass(cls):
        cls.vidmill.close()
        cls.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def make(self, source):
        video = self.vidmill.wait_processed(self.vidmill.upload(source), 120)
        folder, manifest = self.vidmill.manifest(video)
        return os.path.join(folder, "web"), manifest

    def test_a_few_samples(self):
        """Less than the gate's measure of loudness knows to tell."""
        source = self.path("few.wav")
        ffmpeg("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=0.01", source)
        folder, _ = self.make(source)
        made = media.span(os.path.join(folder, "stereo.m4a"), "a")
        self.assertAlmostEqual(made[1] - made[0], 0.01, delta=0.022)

    def test_every_track_and_its_subtitles(self):
        with open(self.path("subtitles.srt"), "w") as file:
            file.write(SRT)
        source = self.path("film.mkv")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=6",
               "-f", "lavfi", "-i", "anoisesrc=color=pink:seed=1:duration=6:amplitude=0.05",
               "-f", "lavfi", "-i", "sine=frequency=500:duration=6", "-i", self.path("subtitles.srt"),
               "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:v", "libx264", "-preset", "ultrafast",
               "-c:a", "flac", "-ac:a:0", "6", "-metadata:s:a:0", "language=eng", "-metadata:s:a:1",
               "language=jpn", "-metadata:s:a:1", "title=Comments", "-disposition:a:1", "comment",
               "-metadata:s:s:0", "language=eng", "-disposition:s:0", "forced", source)
        folder, manifest = self.make(source)
        mp4 = os.path.join(folder, "180p.mp4")
        sounds = media.streams(media.probe(mp4), "audio")
        self.assertEqual([s["tags"]["language"] for s in sounds], ["eng", "jpn"])
        self.assertEqual([s["tags"]["handler_name"] for s in sounds], ["English", "Comments"])
        self.assertEqual([s["disposition"]["default"] for s in sounds], [1, 0])
        self.assertEqual([s["channels"] for s in sounds], [2, 1])
        for i in range(2):
            integrated, peak = loudness(mp4, i)
            self.assertAlmostEqual(integrated, -20, delta=0.5)
            self.assertLess(peak, -1)
        media.decode(mp4)
        for name, channels in (("stereo", 2), ("stereo-ja", 1), ("surround", 6), ("surround-ja", 1)):
            info = media.probe(os.path.join(folder, "hls", name, "playlist.m3u8"))
            self.assertEqual(info["streams"][0]["channels"], channels, name)
        with open(os.path.join(folder, "hls/master.m3u8")) as file:
            master = file.read()
        self.assertEqual(len(re.findall("TYPE=AUDIO", master)), 4)
        self.assertEqual(len(re.findall("DEFAULT=YES", master)), 2, "one of each group")
        self.assertIn('TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English (forced)",LANGUAGE="en",'
                      'AUTOSELECT=YES,FORCED=YES,URI="../subtitles/en.m3u8"', master)
        packets = media.probe(os.path.join(folder, "subtitles/en.vtt"), "-show_packets")["packets"]
        self.assertEqual([(float(p["pts_time"]), float(p["duration_time"])) for p in packets],
                         [(1.0, 1.5), (3.0, 1.0)])
        made = manifest["reports"]["web"]["audio"][0]["loudness"]
        self.assertAlmostEqual(made["output"]["integrated_lufs"], -20, delta=0.5)
        self.assertAlmostEqual(made["source"]["integrated_lufs"] + made["gain_db"], -20, delta=0.5)

    def test_pictures_without_sound_get_silence(self):
        source = self.path("mute.mp4")
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=3", "-c:v", "libx264",
               "-preset", "ultrafast", source)
        folder, _ = self.make(source)
        mp4 = os.path.join(folder, "180p.mp4")
        pictures, sound = media.span(mp4, "v"), media.span(mp4, "a")
        self.assertAlmostEqual(sound[1], pictures[1], delta=1024 / 48000)
        self.assertLess(loudness(mp4, 0)[0], -60)


if __name__ == "__main__":
    unittest.main()
