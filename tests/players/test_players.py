"""test_players.py - HLS and DASH play in a real browser: from start to end, through switches and a seek."""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import browser  # noqa: E402
import media  # noqa: E402
from vidmill import PATIENCE, Vidmill, clip  # noqa: E402

STAGE = ('name = "web"; plugin = "codec-ffmpeg"; output = [ "hls", "dash" ]; segment = "2s"; preset = "ultrafast"; '
         'video = ( { name = "360p"; height = 360; bitrate = "1000k"; }, '
         '{ name = "180p"; height = 180; bitrate = "300k"; } ); audio = ( { name = "stereo"; } );')
WAYS = [("hlsjs", "web/hls/master.m3u8"), ("shaka", "web/hls/master.m3u8"), ("shaka", "web/dash/manifest.mpd")]
SCRIPTS = os.environ["VIDMILL_PLAYERS"]
PAGES = {"/page.html": os.path.join(HERE, "page.html"), "/page.js": os.path.join(HERE, "page.js"),
         "/hls.js": os.path.join(SCRIPTS, "hls.js/dist/hls.min.js"),
         "/shaka.js": os.path.join(SCRIPTS, "shaka-player/dist/shaka-player.compiled.js")}
SRT = "1\n00:00:01,000 --> 00:00:02,500\nWho is there?\n"


class Players(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-players-")
        cls.vidmill = Vidmill(stage=STAGE).start()

    @classmethod
    def tearDownClass(cls):
        cls.vidmill.close()
        cls.temporary.cleanup()

    def check(self, source, sounds, texts):
        video = self.vidmill.wait_processed(self.vidmill.upload(source))
        folder, _ = self.vidmill.manifest(video)
        duration = max(media.span(source, kind)[1] for kind in "va") - min(media.span(source, kind)[0] for kind in "va")
        pictures = media.probe(os.path.join(folder, "web/hls/360p/playlist.m3u8"), "-count_packets")["streams"][0]
        for player, manifest in WAYS:
            with self.subTest(player=player, manifest=manifest), browser.Browser(folder, PAGES) as shown:
                report = shown.show("/page.html", 120 * PATIENCE, player=player, url="/outputs/" + manifest)
                self.assertEqual(report["errors"], [], report)
                self.assertEqual(shown.server.missing, [])
                self.assertEqual(report["steps"], ["load", "start", "switch down", "switch up", "end", "seek",
                                                   "end again"] + (["wind"] if player == "shaka" else []))
                self.assertEqual(report["heights"], [180, 360])
                self.assertAlmostEqual(report["duration"], duration, delta=0.1)
                self.assertAlmostEqual(report["end"], report["duration"], delta=0.1)
                # A browser at double speed on a busy machine leaves some out.
                self.assertGreaterEqual(report["frames"], int(pictures["nb_read_packets"]) * 0.25)
                self.assertGreater(report["seeked"], report["duration"] / 2)
                self.assertGreater(report["contrast"], 60)
                self.assertGreater(report.get("wound", report["contrast"]), 60)
                # Who plays all of it has no use for them.
                self.assertEqual(any(path.endswith("/keyframes.m3u8") for path in shown.server.asked),
                                 (player, manifest) == ("shaka", "web/hls/master.m3u8"))
                self.assertEqual((report["sounds"], report["texts"]), (sounds, texts))

    def test_a_clip_of_a_camera(self):
        self.check(clip("movie-hello.mp4"), 1, 0)

    def test_two_languages_and_subtitles(self):
        subtitles = os.path.join(self.temporary.name, "subtitles.srt")
        source = os.path.join(self.temporary.name, "film.mkv")
        with open(subtitles, "w") as file:
            file.write(SRT)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=640x360:rate=25:duration=7", "-f", "lavfi", "-i", "sine=frequency=440:duration=7",
                        "-f", "lavfi", "-i", "sine=frequency=880:duration=7", "-i", subtitles, "-map", "0", "-map", "1",
                        "-map", "2", "-map", "3", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac",
                        "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu", "-metadata:s:s:0",
                        "language=eng", source], check=True)
        self.check(source, 2, 1)


if __name__ == "__main__":
    unittest.main()
