"""test_dash.py - a manifest of DASH says what is true of the files it names, in the words of the schema."""
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import media
from vidmill import make

STAGES = ('name = "web"; plugin = "codec-ffmpeg"; output = [ "dash", "mp4" ]; segment = "2s"; preset = "ultrafast"; '
          'video = ( { name = "360p"; height = 360; bitrate = "1000k"; }, '
          '{ name = "180p"; height = 180; bitrate = "300k"; } ); '
          'audio = ( { name = "stereo"; }, { name = "low"; bitrate = "32k"; channels = 1; } ); }, '
          '{ name = "radio"; plugin = "codec-ffmpeg"; output = [ "dash" ]; audio = ( { name = "stereo"; } );')
SRT = "1\n00:00:01,000 --> 00:00:02,500\nWho is there?\n"
TITLE = "Herr & \"Frau\" <M>"
# Of the elements of ISO/IEC 23009-1 those that are used, in the order that its schema wants.
ORDER = {"MPD": ["Period"], "Period": ["AdaptationSet"],
         "AdaptationSet": ["Label", "Accessibility", "Role", "Representation"],
         "Representation": ["AudioChannelConfiguration", "BaseURL", "SegmentTemplate"],
         "SegmentTemplate": ["SegmentTimeline"], "SegmentTimeline": ["S"]}
REQUIRED = {"MPD": ["profiles", "minBufferTime", "mediaPresentationDuration"], "Representation": ["id", "bandwidth"],
            "S": ["d"], "Role": ["schemeIdUri", "value"]}
NAMESPACE = "{urn:mpeg:dash:schema:mpd:2011}"


def bare(element):
    return element.tag.removeprefix(NAMESPACE)


def packets(path):
    """When the first is shown, and when the last is over."""
    times = sorted(float(p["pts_time"]) for p in media.probe(path, "-show_packets")["packets"])
    return times[0], times[-1] + times[-1] - times[-2]


class Dash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="vidmill-dash-")
        subtitles = os.path.join(cls.temporary.name, "subtitles.srt")
        source = os.path.join(cls.temporary.name, "film.mkv")
        with open(subtitles, "w") as file:
            file.write(SRT)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc2=size=640x360:rate=30000/1001:duration=7", "-f", "lavfi", "-i",
                        "sine=frequency=440:duration=7", "-f", "lavfi", "-i", "sine=frequency=880:duration=7", "-i",
                        subtitles, "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:v", "libx264", "-preset",
                        "ultrafast", "-c:a", "flac", "-metadata:s:a:0", "language=eng", "-metadata:s:a:1",
                        "language=deu", "-metadata:s:a:1", "title=" + TITLE, "-disposition:a:0", "default",
                        "-disposition:a:1", "visual_impaired", "-metadata:s:s:0", "language=eng", source], check=True)
        cls.made, _ = make(STAGES, source, cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def read(self, stage):
        path = os.path.join(self.made, stage, "dash/manifest.mpd")
        root = xml.etree.ElementTree.parse(path).getroot()
        return path, root, root.findall(f".//{NAMESPACE}AdaptationSet")

    def test_the_elements_are_those_of_the_schema_in_its_order(self):
        for stage in ("web", "radio"):
            for element in self.read(stage)[1].iter():
                self.assertTrue(element.tag.startswith(NAMESPACE), element.tag)
                order = [ORDER.get(bare(element), []).index(bare(child)) for child in element]
                self.assertEqual(order, sorted(order), [bare(child) for child in element])
                for attribute in REQUIRED.get(bare(element), []):
                    self.assertIn(attribute, element.attrib)

    def test_each_set_is_told_apart(self):
        _, _, sets = self.read("web")
        told = [(s.get("contentType"), s.get("lang"), s.findtext(NAMESPACE + "Label"),
                 [(bare(p), p.get("value")) for p in s if bare(p) in ("Accessibility", "Role")],
                 [r.get("id") for r in s.findall(NAMESPACE + "Representation")]) for s in sets]
        described = [("Accessibility", "1"), ("Role", "alternate")]
        self.assertEqual(told, [
            ("video", None, None, [], ["360p", "180p"]),
            ("audio", "en", "English", [("Role", "main")], ["stereo"]),
            ("audio", "de", TITLE, described, ["stereo-de"]),
            ("audio", "en", "English", [("Role", "main")], ["low"]),
            ("audio", "de", TITLE, described, ["low-de"]),
            ("text", "en", "English", [("Role", "subtitle")], ["subtitles-en"])])
        self.assertEqual(len({s.get("id") for s in sets}), len(sets))

    def test_pictures_are_what_they_are_said_to_be(self):
        _, _, sets = self.read("web")
        for shown in sets[0].findall(NAMESPACE + "Representation"):
            made = media.streams(media.probe(os.path.join(self.made, "web", shown.get("id") + ".mp4")), "video")[0]
            self.assertEqual((shown.get("width"), shown.get("height")), (str(made["width"]), str(made["height"])))
            self.assertEqual((shown.get("frameRate"), shown.get("sar")), ("30000/1001", "1:1"))
            self.assertEqual(shown.get("codecs")[-2:], f"{made['level']:02x}")

    def check_timeline(self, folder, representation):
        template = representation.find(NAMESPACE + "SegmentTemplate")
        scale, number = int(template.get("timescale")), int(template.get("startNumber"))
        entries = template.findall(f"{NAMESPACE}SegmentTimeline/{NAMESPACE}S")
        lengths = [int(s.get("d")) for s in entries for _ in range(1 + int(s.get("r", "0")))]
        at, starts, sizes = int(entries[0].get("t")), [], []
        for i, length in enumerate(lengths):
            name = template.get("media").replace("$Number%05d$", f"{number + i:05}")
            whole = os.path.join(self.temporary.name, "whole.mp4")
            with open(whole, "wb") as out:
                for part in (template.get("initialization"), name):
                    with open(os.path.join(folder, part), "rb") as file:
                        out.write(file.read())
            begin, end = packets(whole)
            # What the encoder of sound puts before the first sample is not shown.
            self.assertAlmostEqual(max(begin, 0), at / scale, delta=0.001, msg=name)
            # Of the last packet of sound a part may be what the encoder fills it up with.
            rest = 1024 / 44100 if i == len(lengths) - 1 else 0
            self.assertTrue(-0.002 < end - (at + length) / scale < rest + 0.002, (name, end))
            starts.append(at / scale)
            sizes.append(os.path.getsize(os.path.join(folder, name)))
            at += length
            # Whoever has loaded one buffer ahead never waits at the bandwidth that is told.
            self.assertLessEqual(sizes[-1] * 8 * scale / length, 1.5 * int(representation.get("bandwidth")))
        present = [f for f in os.listdir(os.path.dirname(os.path.join(folder, name))) if f.endswith(".m4s")]
        self.assertEqual(len(present), len(lengths))
        return starts, at / scale

    def test_each_segment_begins_and_ends_when_it_is_said_to(self):
        for stage in ("web", "radio"):
            path, root, sets = self.read(stage)
            ends = []
            for one in sets:
                if one.get("contentType") == "text":
                    continue
                seen = [self.check_timeline(os.path.dirname(path), r)
                        for r in one.findall(NAMESPACE + "Representation")]
                ends += [end for _, end in seen]
                self.assertEqual([starts for starts, _ in seen], [seen[0][0]] * len(seen), "not aligned")
            told = re.fullmatch(r"PT([0-9.]+)S", root.get("mediaPresentationDuration"))
            self.assertAlmostEqual(float(told.group(1)), max(ends), delta=0.001)
            self.assertAlmostEqual(float(told.group(1)), 7, delta=0.02)

    def test_the_demuxer_of_ffmpeg_finds_all_of_it(self):
        for stage, kinds in (("web", ["audio"] * 4 + ["subtitle"] + ["video"] * 2), ("radio", ["audio"] * 2)):
            made = media.probe(self.read(stage)[0], "-allowed_extensions", "ALL")
            self.assertEqual(sorted(s["codec_type"] for s in made["streams"]), kinds)
            self.assertAlmostEqual(float(made["format"]["duration"]), 7, delta=0.02)


if __name__ == "__main__":
    unittest.main()
