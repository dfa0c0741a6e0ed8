"""test_clips.py - real clips, each to `processed`, each output opened again by FFmpeg's tools."""
import os
import re
import unittest
import xml.etree.ElementTree

import media
from vidmill import Vidmill, clip

CLIPS = ["VID_20191220_170832.mp4", "movie-hello.mp4", "movie-hello.avi", "wannaworktogether.mp4",
         "cockatoo.mp4", "realshort.mp4", "cityCC0.mpg", "balle-jbart.mp4", "balle1-vp9.avi",
         "Principe_inertie.avi", "retroMars2018.avi"]


class Clips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vidmill = Vidmill().start()

    @classmethod
    def tearDownClass(cls):
        cls.vidmill.close()

    def check(self, name):
        source_path = clip(name)
        source = media.probe(source_path)
        video = self.vidmill.wait_processed(self.vidmill.upload(source_path), 300)
        folder, manifest = self.vidmill.manifest(video)
        names = [o["name"] for o in manifest["outputs"]]
        for output in manifest["outputs"]:
            path = os.path.join(folder, output["name"])
            self.assertEqual(os.path.getsize(path), output["bytes"], output["name"])
        renditions = [n for n in names if n.endswith(".mp4") and n.count("/") == 1]
        self.assertTrue(renditions, names)
        spans = {kind: media.span(source_path, kind[0]) for kind in ("video", "audio")}
        spans = {kind: span for kind, span in spans.items() if span}
        grids = [self.check_mp4(os.path.join(folder, n), source, spans) for n in renditions]
        for grid in grids[1:]:
            self.assertEqual(len(grid), len(grids[0]), "keyframes are not aligned")
            for a, b in zip(grid, grids[0]):
                self.assertAlmostEqual(a, b, delta=0.002, msg="keyframes are not aligned")
        self.check_hls(os.path.join(folder, "web/hls"), source, spans)
        self.check_dash(os.path.join(folder, "web"), source, spans)
        if media.streams(source, "video"):
            poster = media.probe(os.path.join(folder, "web/poster.jpg"))
            self.assertEqual(poster["streams"][0]["codec_name"], "mjpeg")

    def tolerance(self, source):
        """One frame and one audio packet."""
        frames = media.streams(source, "video")
        frame = 1 / media.rate(frames[0]["avg_frame_rate"]) if frames else 0
        return frame + 1024 / 44100 + 0.005

    def check_mp4(self, path, source, spans):
        info = media.probe(path)
        pictures, source_pictures = media.streams(info, "video"), media.streams(source, "video")
        sounds, source_sounds = media.streams(info, "audio"), media.streams(source, "audio")
        self.assertEqual(bool(pictures), bool(source_pictures))
        self.assertEqual(bool(sounds), bool(source_sounds))
        if pictures:
            self.assertEqual(pictures[0]["codec_name"], "h264")
            self.assertEqual(pictures[0]["pix_fmt"], "yuv420p")
            self.assertEqual((pictures[0]["width"] % 2, pictures[0]["height"] % 2), (0, 0))
            self.assertLessEqual(min(pictures[0]["width"], pictures[0]["height"]),
                                 min(source_pictures[0]["width"], source_pictures[0]["height"]) + 1)
        if sounds:
            self.assertEqual(sounds[0]["codec_name"], "aac")
        start = min(s for s, _ in spans.values())
        for kind, span in spans.items():
            made = media.span(path, kind[0])
            self.assertAlmostEqual(made[0], span[0] - start, delta=self.tolerance(source),
                                   msg=f"{path}: {kind} starts")
            self.assertAlmostEqual(made[1], span[1] - start, delta=self.tolerance(source),
                                   msg=f"{path}: {kind} ends")
        order = [b for b in media.boxes(path) if b in ("moov", "mdat")]
        self.assertEqual(order[0], "moov", f"{path}: the index is not in front")
        media.decode(path)
        return media.keyframes(path) if pictures else []

    def check_hls(self, folder, source, spans):
        with open(os.path.join(folder, "master.m3u8")) as file:
            master = file.read()
        self.assertIn("#EXT-X-INDEPENDENT-SEGMENTS", master)
        media.decode(os.path.join(folder, "master.m3u8"))
        listed = [d for d in sorted(os.listdir(folder)) if os.path.isdir(os.path.join(folder, d))]
        self.assertTrue(listed)
        for rendition in listed:
            path = os.path.join(folder, rendition)
            with open(os.path.join(path, "playlist.m3u8")) as file:
                segments, target = media.playlist(file.read())
            span = spans["audio" if rendition == "stereo" else "video"]
            self.assertAlmostEqual(sum(s for _, s in segments), span[1] - span[0],
                                   delta=self.tolerance(source) + 0.05, msg=path)
            for name, length in segments:
                self.assertTrue(os.path.exists(os.path.join(path, name)), name)
                self.assertLessEqual(round(length), target)
            files = {f for f in os.listdir(path) if f.endswith(".m4s")}
            self.assertEqual(files, {name for name, _ in segments})
            if os.path.exists(os.path.join(path, "keyframes.m3u8")):
                self.check_keyframes(path, segments)
            else:
                self.assertEqual(rendition, "stereo")

    def check_keyframes(self, path, segments):
        """The bytes that are named are one picture, and nothing else."""
        with open(os.path.join(path, "keyframes.m3u8")) as file:
            text = file.read()
        self.assertEqual(media.playlist(text)[0], segments)
        ranges = [int(bytes) for bytes in re.findall(r"#EXT-X-BYTERANGE:(\d+)@0\n", text)]
        self.assertEqual(len(ranges), len(segments))
        with open(os.path.join(path, "init.mp4"), "rb") as file:
            init = file.read()
        for (name, _), length in zip(segments, ranges):
            with open(os.path.join(path, name), "rb") as file:
                self.assertEqual(media.pictures_in(init + file.read(length)), 1, name)

    def check_dash(self, folder, source, spans):
        """Every rendition of HLS, the same segments, the same duration."""
        manifest = os.path.join(folder, "dash/manifest.mpd")
        made = media.probe(manifest)
        for kind in ("video", "audio"):
            wanted = [d for d in os.listdir(os.path.join(folder, "hls")) if (d == "stereo") == (kind == "audio")
                      and os.path.isdir(os.path.join(folder, "hls", d))]
            self.assertEqual(len(media.streams(made, kind)), len(wanted), kind)
        told = xml.etree.ElementTree.parse(manifest).getroot().get("mediaPresentationDuration")
        self.assertAlmostEqual(float(re.fullmatch(r"PT([0-9.]+)S", told).group(1)), max(end - start for start, end in spans.values()),
                               delta=self.tolerance(source) + 0.05)
        media.decode(manifest)


def add(name):
    def test(self):
        self.check(name)
    setattr(Clips, "test_" + name.replace(".", "_").replace("-", "_"), test)


for each in CLIPS:
    add(each)

if __name__ == "__main__":
    unittest.main()
